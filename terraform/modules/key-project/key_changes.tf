# Reports changes of keys to the service within minutes. Admin Activity logs are always on.

locals {
  changes = [
    "DestroyCryptoKeyVersion",
    "RestoreCryptoKeyVersion",
    "SetIamPolicy",
    "UpdateCryptoKey",
    "UpdateCryptoKeyPrimaryVersion",
    "UpdateCryptoKeyVersion",
  ]
}

resource "google_logging_project_sink" "key_changes" {
  count = var.key_changes_topic == null ? 0 : 1

  description = "Changes of keys, which the service checks"
  destination = "pubsub.googleapis.com/${var.key_changes_topic}"
  filter = "log_id(\"cloudaudit.googleapis.com/activity\") AND (${join(" OR ", [
    "(protoPayload.serviceName=\"cloudkms.googleapis.com\" AND protoPayload.methodName=(${join(" OR ", [for change in local.changes : "\"${change}\""])}) AND protoPayload.resourceName:\"/cryptoKeys/\")",
    # The keys inherit the policies of their key rings and of the project.
    "(protoPayload.serviceName=\"cloudkms.googleapis.com\" AND protoPayload.methodName=\"SetIamPolicy\" AND protoPayload.resourceName:\"/keyRings/\")",
    "(protoPayload.serviceName=\"cloudresourcemanager.googleapis.com\" AND protoPayload.methodName=\"SetIamPolicy\" AND protoPayload.resourceName=\"projects/${var.project_id}\")",
  ])})"
  name                   = "${var.prefix}key-changes"
  project                = var.project_id
  unique_writer_identity = true
}

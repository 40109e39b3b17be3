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
  filter = join(" AND ", [
    "log_id(\"cloudaudit.googleapis.com/activity\")",
    "protoPayload.serviceName=\"cloudkms.googleapis.com\"",
    "protoPayload.methodName=(${join(" OR ", [for change in local.changes : "\"${change}\""])})",
    "protoPayload.resourceName:\"/cryptoKeys/\"",
  ])
  name                   = "${var.prefix}key-changes"
  project                = var.project_id
  unique_writer_identity = true
}

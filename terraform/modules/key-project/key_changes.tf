# Reports changes of keys to the service within minutes: of a key, of the policy of its key ring or project, and of the
# project as a whole. Admin Activity logs are always on. The service understands the same list and no more; a test compares
# the two.

locals {
  # By the service that writes the log entry: its methods, and a regular expression of the resources that they are about.
  changes = {
    "cloudkms.googleapis.com" = {
      methods = [
        "CreateCryptoKeyVersion",
        "DeleteCryptoKey",
        "DeleteCryptoKeyVersion",
        "DestroyCryptoKeyVersion",
        "ImportCryptoKeyVersion",
        "RestoreCryptoKeyVersion",
        "SetIamPolicy",
        "UpdateCryptoKey",
        "UpdateCryptoKeyPrimaryVersion",
        "UpdateCryptoKeyVersion",
      ]
      resource = "projects/[^/]+/locations/[^/]+/keyRings/[^/]+(/cryptoKeys/[^/]+(/cryptoKeyVersions/[0-9]+)?)?$"
    }
    "cloudresourcemanager.googleapis.com" = {
      methods  = ["DeleteProject", "SetIamPolicy"]
      resource = "projects/[^/]+$"
    }
    "serviceusage.googleapis.com" = {
      methods  = ["DisableService"]
      resource = "projects/[^/]+/services/cloudkms[.]googleapis[.]com$"
    }
  }

  # Some entries have the short name of a method, others have the name of its API before it.
  change_filters = [
    for service, change in local.changes : join(" AND ", [
      "protoPayload.serviceName=\"${service}\"",
      "protoPayload.methodName=~\"^(google[.]([a-z0-9]+[.])*[A-Za-z]+[.])?(${join("|", change.methods)})$\"",
      "protoPayload.resourceName=~\"${change.resource}\"",
    ])
  ]
}

resource "google_logging_project_sink" "key_changes" {
  count = var.key_changes_topic == null ? 0 : 1

  description            = "Changes of keys, which the service checks"
  destination            = "pubsub.googleapis.com/${var.key_changes_topic}"
  filter                 = "log_id(\"cloudaudit.googleapis.com/activity\") AND (${join(" OR ", [for filter in local.change_filters : "(${filter})"])})"
  name                   = "${var.prefix}key-changes"
  project                = var.project_id
  unique_writer_identity = true

  depends_on = [time_sleep.apis]
}

mock_provider "google" {
  mock_resource "google_logging_project_sink" {
    defaults = { writer_identity = "serviceAccount:service-123456789012@gcp-sa-logging.iam.gserviceaccount.com" }
  }
}

mock_provider "time" {}

variables {
  key_changes_topic = "projects/acme-cmek/topics/cmek-key-changes"
  project_id        = "acme-kms-prod"
  service_accounts = {
    checkPrerequisites = "cmek-check-prerequisites@acme-cmek.iam.gserviceaccount.com"
    createKey          = "cmek-create-key@acme-cmek.iam.gserviceaccount.com"
    createKeyRing      = "cmek-create-key-ring@acme-cmek.iam.gserviceaccount.com"
    grantAccess        = "cmek-grant-access@acme-cmek.iam.gserviceaccount.com"
    scanKey            = "cmek-scan-key@acme-cmek.iam.gserviceaccount.com"
    validateKey        = "cmek-validate-key@acme-cmek.iam.gserviceaccount.com"
  }
}

run "each_function_has_a_role_of_its_own" {
  assert {
    condition     = sort(keys(google_project_iam_member.functions)) == sort(keys(var.service_accounts))
    error_message = "a function has no role, or a role has no function"
  }

  assert {
    condition     = google_project_iam_member.functions["grantAccess"].member == "serviceAccount:cmek-grant-access@acme-cmek.iam.gserviceaccount.com"
    error_message = "the role of grantAccess is granted to another account"
  }

  assert {
    condition     = google_project_iam_custom_role.functions["grantAccess"].permissions == toset(["cloudkms.cryptoKeys.get", "cloudkms.cryptoKeys.getIamPolicy", "cloudkms.cryptoKeys.setIamPolicy", "cloudkms.keyRings.getIamPolicy", "iam.roles.get", "resourcemanager.projects.get", "resourcemanager.projects.getIamPolicy"])
    error_message = "grantAccess has more or fewer permissions than it needs"
  }

  assert {
    condition     = google_logging_project_sink.key_changes[0].destination == "pubsub.googleapis.com/projects/acme-cmek/topics/cmek-key-changes"
    error_message = "key changes go to another topic"
  }

  assert {
    condition     = output.key_change_writer == "serviceAccount:service-123456789012@gcp-sa-logging.iam.gserviceaccount.com"
    error_message = "the writer identity of key changes is not an output"
  }
}

run "a_new_project_has_the_apis_first" {
  command = plan

  assert {
    condition     = toset(keys(google_project_service.apis)) == toset(["cloudkms.googleapis.com", "cloudresourcemanager.googleapis.com", "iam.googleapis.com", "logging.googleapis.com", "monitoring.googleapis.com"])
    error_message = "an API is missing without which an apply fails in a new project"
  }

  assert {
    condition     = alltrue([for api in google_project_service.apis : !api.disable_on_destroy]) && time_sleep.apis.create_duration == "60s"
    error_message = "an API that others use would be disabled, or is used before it is available"
  }
}

run "changes_of_keys_rings_and_the_project_are_heard" {
  command = plan

  assert {
    condition = google_logging_project_sink.key_changes[0].filter == join("", [
      "log_id(\"cloudaudit.googleapis.com/activity\") AND (",
      "(protoPayload.serviceName=\"cloudkms.googleapis.com\" AND protoPayload.methodName=~\"^(google[.]([a-z0-9]+[.])*[A-Za-z]+[.])?(CreateCryptoKeyVersion|DeleteCryptoKey|DeleteCryptoKeyVersion|DestroyCryptoKeyVersion|ImportCryptoKeyVersion|RestoreCryptoKeyVersion|SetIamPolicy|UpdateCryptoKey|UpdateCryptoKeyPrimaryVersion|UpdateCryptoKeyVersion)$\" AND protoPayload.resourceName=~\"projects/[^/]+/locations/[^/]+/keyRings/[^/]+(/cryptoKeys/[^/]+(/cryptoKeyVersions/[0-9]+)?)?$\")",
      " OR (protoPayload.serviceName=\"cloudresourcemanager.googleapis.com\" AND protoPayload.methodName=~\"^(google[.]([a-z0-9]+[.])*[A-Za-z]+[.])?(DeleteProject|SetIamPolicy)$\" AND protoPayload.resourceName=~\"projects/[^/]+$\")",
      " OR (protoPayload.serviceName=\"serviceusage.googleapis.com\" AND protoPayload.methodName=~\"^(google[.]([a-z0-9]+[.])*[A-Za-z]+[.])?(DisableService)$\" AND protoPayload.resourceName=~\"projects/[^/]+/services/cloudkms[.]googleapis[.]com$\"))",
    ])
    error_message = "the filter of key changes is another one"
  }
}

run "nobody_can_destroy_or_use_a_key" {
  command = plan

  assert {
    condition     = length([for permission in flatten(values(output.permissions)) : permission if can(regex("(?i)destroy|delete|useTo|restore|cryptoKeyVersions\\.(create|update)", permission))]) == 0
    error_message = "a role has a permission that no function may have"
  }

  assert {
    condition     = [for name, permissions in output.permissions : name if contains(permissions, "cloudkms.cryptoKeys.setIamPolicy")] == ["grantAccess"]
    error_message = "a function other than grantAccess may write a policy"
  }
}

run "audit_logs_are_switched_on" {
  command = plan

  assert {
    condition     = toset([for config in google_project_iam_audit_config.kms[0].audit_log_config : config.log_type]) == toset(["DATA_READ", "DATA_WRITE"])
    error_message = "a type of Data Access log is missing"
  }
}

run "audit_logs_can_be_kept_as_they_are" {
  command = plan

  variables {
    audit_logs = false
  }

  assert {
    condition     = length(google_project_iam_audit_config.kms) == 0
    error_message = "the audit configuration is changed although audit_logs is false"
  }
}

run "without_provision_nothing_can_be_written" {
  command = plan

  variables {
    provision = false
  }

  assert {
    condition     = length([for permission in flatten(values(output.permissions)) : permission if can(regex("create|update|setIamPolicy", permission))]) == 0
    error_message = "a function that may only read may write"
  }

  assert {
    condition     = length(google_monitoring_alert_policy.foreign_grant) == 0
    error_message = "there is an alert on grants that cannot happen"
  }
}

run "only_the_scan_may_repair" {
  command = plan

  variables {
    repair = true
  }

  assert {
    condition     = contains(output.permissions["scanKey"], "cloudkms.cryptoKeys.setIamPolicy") && contains(output.permissions["scanKey"], "cloudkms.cryptoKeys.update")
    error_message = "the scan cannot repair although repair is true"
  }

  assert {
    condition     = !contains(output.permissions["validateKey"], "cloudkms.cryptoKeys.setIamPolicy")
    error_message = "repair gives permissions to another function"
  }
}

run "repair_works_where_provisioning_is_not_allowed" {
  command = plan

  variables {
    provision = false
    repair    = true
  }

  assert {
    condition     = contains(output.permissions["scanKey"], "cloudkms.cryptoKeys.setIamPolicy") && !contains(output.permissions["grantAccess"], "cloudkms.cryptoKeys.setIamPolicy")
    error_message = "the two switches are not independent"
  }
}

run "an_optional_read_can_be_withheld" {
  command = plan

  variables {
    excluded_permissions = ["orgpolicy.policy.get"]
  }

  assert {
    condition     = !contains(output.permissions["checkPrerequisites"], "orgpolicy.policy.get") && contains(output.permissions["checkPrerequisites"], "cloudkms.locations.get")
    error_message = "the wrong permission was withheld"
  }
}

run "a_needed_permission_cannot_be_withheld" {
  command         = plan
  expect_failures = [var.excluded_permissions]

  variables {
    excluded_permissions = ["cloudkms.cryptoKeys.get"]
  }
}

run "a_function_without_keys_gets_nothing" {
  command         = plan
  expect_failures = [var.service_accounts]

  variables {
    service_accounts = { reportScan = "cmek-report-scan@acme-cmek.iam.gserviceaccount.com" }
  }
}

run "a_person_is_not_a_service_account" {
  command         = plan
  expect_failures = [var.service_accounts]

  variables {
    service_accounts = { grantAccess = "somebody@example.com" }
  }
}

run "a_project_number_is_refused" {
  command         = plan
  expect_failures = [var.project_id]

  variables {
    project_id = "123456789012"
  }
}

run "a_bare_topic_name_is_refused" {
  command         = plan
  expect_failures = [var.key_changes_topic]

  variables {
    key_changes_topic = "cmek-key-changes"
  }
}

run "an_address_is_not_a_channel" {
  command         = plan
  expect_failures = [var.notification_channels]

  variables {
    notification_channels = ["oncall@example.com"]
  }
}

run "a_prefix_without_its_dash_is_refused" {
  command         = plan
  expect_failures = [var.prefix]

  variables {
    prefix = "cmek"
  }
}

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

run "each_function_has_roles_of_its_own" {
  assert {
    condition     = sort(keys(google_project_iam_member.keys)) == sort(keys(var.service_accounts))
    error_message = "a function has no role, or a role has no function"
  }

  assert {
    condition     = google_project_iam_member.keys["grantAccess"].member == "serviceAccount:cmek-grant-access@acme-cmek.iam.gserviceaccount.com" && google_project_iam_member.project["grantAccess"].member == google_project_iam_member.keys["grantAccess"].member
    error_message = "a role of grantAccess is granted to another account"
  }

  assert {
    condition     = google_project_iam_custom_role.keys["grantAccess"].permissions == toset(["cloudkms.cryptoKeys.get", "cloudkms.cryptoKeys.getIamPolicy", "cloudkms.cryptoKeys.setIamPolicy", "cloudkms.keyRings.getIamPolicy"])
    error_message = "grantAccess has more or fewer permissions on keys than it needs"
  }

  assert {
    condition     = google_project_iam_custom_role.project["grantAccess"].permissions == toset(["iam.roles.get", "resourcemanager.projects.get", "resourcemanager.projects.getIamPolicy"])
    error_message = "grantAccess has more or fewer permissions on the project than it needs"
  }

  assert {
    condition     = alltrue([for grant in google_project_iam_member.keys : length(grant.condition) == 0])
    error_message = "a grant has a condition although no key ring is named"
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

# A central project has keys of other teams.

run "nothing_of_others_can_be_touched" {
  command = plan

  variables {
    key_rings = ["us-east5/anthropic", "us-central1/anthropic_2"]
    repair    = true
  }

  # Every permission on keys, and so setIamPolicy, update and create, is granted under a condition alone.
  assert {
    condition     = alltrue([for grant in google_project_iam_member.keys : length(grant.condition) == 1])
    error_message = "a function may touch keys of others"
  }

  assert {
    condition     = length([for permission in flatten([for role in google_project_iam_custom_role.project : tolist(role.permissions)]) : permission if startswith(permission, "cloudkms.")]) == 0
    error_message = "a permission on keys is granted without a condition"
  }

  assert {
    condition     = toset(keys(google_project_iam_member.keys)) == toset(flatten([for name in keys(var.service_accounts) : [for ring in var.key_rings : "${name}/${ring}"]]))
    error_message = "a function lacks a key ring"
  }

  assert {
    condition     = google_project_iam_member.keys["grantAccess/us-east5/anthropic"].condition[0].expression == "resource.name == \"projects/acme-kms-prod/locations/us-east5/keyRings/anthropic\" || resource.name.startsWith(\"projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/\") || resource.name == \"projects/acme-kms-prod/locations/us-east5\""
    error_message = "the condition is another one"
  }

  # A key ring whose name begins with the same letters is not the same key ring.
  assert {
    condition     = alltrue([for grant in google_project_iam_member.keys : !can(regex("startsWith\\(\"[^\"]*[^/]\"\\)", grant.condition[0].expression))])
    error_message = "a condition also holds for key rings with a longer name"
  }

  # IAM tells bindings of one role apart by their conditions.
  assert {
    condition     = length(distinct([for grant in google_project_iam_member.keys : "${grant.role} ${grant.condition[0].title}"])) == length(google_project_iam_member.keys)
    error_message = "two conditions of one role have the same title"
  }
}

run "a_key_ring_without_its_location_is_refused" {
  command         = plan
  expect_failures = [var.key_rings]

  variables {
    key_rings = ["anthropic"]
  }
}

run "a_key_ring_where_anthropic_has_no_region_is_refused" {
  command         = plan
  expect_failures = [var.key_rings]

  variables {
    key_rings = ["europe-west1/anthropic"]
  }
}

run "more_conditions_than_iam_accepts_are_refused" {
  command         = plan
  expect_failures = [var.key_rings]

  variables {
    key_rings = [for number in range(21) : "us-east5/ring-${number}"]
  }
}

run "what_can_have_labels_has_them" {
  command = plan

  variables {
    labels = { app = "cmek-onboarding", cost-center = "4711" }
  }

  assert {
    condition     = google_monitoring_alert_policy.foreign_grant[0].user_labels == tomap({ app = "cmek-onboarding", cost-center = "4711" })
    error_message = "the alert has no labels"
  }
}

run "labels_in_capitals_are_refused" {
  command         = plan
  expect_failures = [var.labels]

  variables {
    labels = { App = "cmek" }
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

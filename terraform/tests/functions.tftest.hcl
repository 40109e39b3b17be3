mock_provider "archive" {
  mock_data "archive_file" {
    defaults = {
      output_path = "functions.zip"
    }
  }
}

mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }

  mock_resource "google_cloud_run_v2_service" {
    defaults = { uri = "https://service.example.run.app" }
  }

  mock_resource "google_service_account" {
    defaults = {
      email  = "somebody@acme-cmek.iam.gserviceaccount.com"
      member = "serviceAccount:somebody@acme-cmek.iam.gserviceaccount.com"
    }
  }
}

mock_provider "google-beta" {}

mock_provider "time" {}

variables {
  allowed_projects   = ["acme-kms-prod"]
  allowed_workspaces = ["wrkspc_01*"]
  organization_id    = "0f2a5c1e-8b7d-4c3a-9e6f-1a2b3c4d5e6f"
  project_id         = "acme-cmek"
  functions_jar      = "tests/functions.jar"
}

# Only the required variables: Cloud Run functions on the JVM.

run "every_function_is_deployed_with_retries" {

  assert {
    condition     = length(google_cloudfunctions2_function.functions) == 13 && length(google_cloud_run_v2_service.functions) == 0
    error_message = "a function is missing or is on the wrong host"
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.event_trigger[0].retry_policy == "RETRY_POLICY_RETRY"])
    error_message = "a function does not retry, so a failed message is lost"
  }

  assert {
    condition     = alltrue([for name, function in google_cloudfunctions2_function.functions : function.service_config[0].environment_variables["QUARKUS_FUNQY_EXPORT"] == name])
    error_message = "a function has the name of another one"
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.build_config[0].entry_point == "cmek.function.CmekFunction" && function.build_config[0].runtime == "java25"])
    error_message = "a function has another entry point or runtime"
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : strcontains(function.service_config[0].environment_variables["JAVA_TOOL_OPTIONS"], "--add-opens=java.base/java.lang=ALL-UNNAMED")])
    error_message = "a function does not start on Java 25"
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY"])
    error_message = "a function can be called from outside"
  }

  assert {
    condition     = google_cloudfunctions2_function.functions["rescanChangedKey"].name == "cmek-rescan-changed-key"
    error_message = "the name in kebab case is wrong"
  }
}

run "each_function_has_an_account_of_its_own" {

  assert {
    condition     = length(setsubtract(keys(google_cloudfunctions2_function.functions), keys(google_service_account.functions))) == 0
    error_message = "a function has no account"
  }

  assert {
    condition     = alltrue([for grant in google_cloud_run_v2_service_iam_binding.function_invoker : grant.role == "roles/run.invoker" && grant.members == toset(["serviceAccount:cmek-invoker@acme-cmek.iam.gserviceaccount.com"])])
    error_message = "an account other than the invoker may call a function"
  }

  assert {
    condition     = length(google_cloud_run_v2_service_iam_binding.function_invoker) == 13
    error_message = "a trigger cannot call its function"
  }

  assert {
    condition     = toset(keys(output.service_accounts)) == toset(["attachWorkspace", "checkPrerequisites", "createKey", "createKeyRing", "grantAccess", "registerKey", "reportDeadLetter", "rescanChangedKey", "scanKey", "startScan", "validateKey"])
    error_message = "the output does not have exactly the functions that need access to keys"
  }
}

run "who_changes_iam_cannot_read_the_credential" {

  # Authoritative: nobody else can read it, whoever else was granted to.
  assert {
    condition     = google_secret_manager_secret_iam_binding.admin_key[0].role == "roles/secretmanager.secretAccessor" && google_secret_manager_secret_iam_binding.admin_key[0].members == toset([for name in ["attach-workspace", "check-prerequisites", "scan-key", "rescan-changed-key", "register-key", "report-dead-letter", "start-scan", "validate-key"] : "serviceAccount:cmek-${name}@acme-cmek.iam.gserviceaccount.com"])
    error_message = "the wrong functions may read the credential"
  }

  assert {
    condition     = alltrue([for name, function in google_cloudfunctions2_function.functions : length(function.service_config[0].secret_volumes) == (contains(google_secret_manager_secret_iam_binding.admin_key[0].members, local.members[name]) ? 1 : 0)])
    error_message = "a function has the credential mounted but may not read it, or the other way round"
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.service_config[0].environment_variables["CMEK_ANTHROPIC_ADMIN_KEY_FILE"] == "/secrets/anthropic/admin-key" if length(function.service_config[0].secret_volumes) == 1])
    error_message = "a function does not have the path of the credential"
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : !anytrue([for variable in keys(function.service_config[0].environment_variables) : contains(["CMEK_ANTHROPIC_ADMIN_KEY"], variable)])])
    error_message = "the value of a credential is in an environment variable"
  }

  assert {
    condition     = google_cloudfunctions2_function.functions["validateKey"].service_config[0].secret_volumes[0].versions[0].version == "latest"
    error_message = "a rotated credential would not be used"
  }
}

run "who_reads_the_credential_or_impersonates_a_function_is_logged" {
  command = plan

  assert {
    condition     = toset([for config in google_project_iam_audit_config.credentials : config.service]) == toset(["iamcredentials.googleapis.com", "secretmanager.googleapis.com"]) && alltrue([for config in google_project_iam_audit_config.credentials : toset([for log in config.audit_log_config : log.log_type]) == toset(["ADMIN_READ", "DATA_READ", "DATA_WRITE"])])
    error_message = "a Data Access log is missing"
  }
}

run "an_audit_configuration_can_be_kept_as_it_is" {
  command = plan

  variables {
    data_access_logs = false
  }

  assert {
    condition     = length(google_project_iam_audit_config.credentials) == 0
    error_message = "the audit configuration is changed although data_access_logs is false"
  }
}

run "each_function_publishes_only_to_its_successor" {
  command = plan

  assert {
    condition     = toset([for topic, grant in google_pubsub_topic_iam_binding.publishers : topic if contains(grant.members, "serviceAccount:cmek-grant-access@acme-cmek.iam.gserviceaccount.com")]) == toset(["results", "register-key"])
    error_message = "grantAccess may publish on other topics"
  }

  assert {
    condition     = google_pubsub_topic_iam_binding.publishers["attach-workspace"].members == toset(["serviceAccount:cmek-validate-key@acme-cmek.iam.gserviceaccount.com"])
    error_message = "a function other than validateKey may publish on cmek-attach-workspace"
  }

  assert {
    condition     = google_pubsub_topic_iam_binding.publishers["results"].members == toset(values(local.members))
    error_message = "somebody else may publish a result, or a function may not"
  }

  assert {
    condition     = alltrue([for topic, grant in google_pubsub_topic_iam_binding.publishers : grant.role == "roles/pubsub.publisher" && grant.topic == "cmek-${topic}"])
    error_message = "somebody may do more to a topic than publish, or publishes on another one"
  }

  assert {
    condition     = alltrue([for function in local.functions : length(setsubtract(function.hands_over_to, local.topics)) == 0])
    error_message = "a function publishes on a topic that does not exist"
  }
}

# Authoritative, so that a grant that is made elsewhere does not stay.
run "every_topic_between_the_steps_is_a_wall" {
  command = plan

  variables {
    approvers          = ["group:security@example.com"]
    attach_approval    = "required"
    key_change_writers = ["serviceAccount:service-123456789012@gcp-sa-logging.iam.gserviceaccount.com"]
    requesters         = ["group:payments@example.com"]
  }

  assert {
    condition     = toset(keys(google_pubsub_topic_iam_binding.publishers)) == setsubtract(keys(google_pubsub_topic.topics), ["onboarding-requests"])
    error_message = "a topic of the service has no authoritative list of publishers"
  }

  assert {
    condition     = google_pubsub_topic_iam_binding.publishers["approvals"].members == toset(["group:security@example.com"])
    error_message = "somebody other than the approvers may approve"
  }

  assert {
    condition     = google_pubsub_topic_iam_binding.publishers["scan"].members == toset(["serviceAccount:service-123456789012@gcp-sa-cloudscheduler.iam.gserviceaccount.com"])
    error_message = "somebody other than Cloud Scheduler may start a scan, or Cloud Scheduler may not"
  }

  assert {
    condition     = length(google_pubsub_topic_iam_member.requesters) == 1
    error_message = "somebody other than the requesters may publish a request"
  }
}

run "operators_replay_and_do_not_approve" {
  command = plan

  variables {
    approvers       = ["group:security@example.com"]
    attach_approval = "required"
    operators       = ["group:oncall@example.com"]
  }

  assert {
    condition     = toset([for topic, grant in google_pubsub_topic_iam_binding.publishers : topic if contains(grant.members, "group:oncall@example.com")]) == setsubtract(toset([for function in local.functions : function.topic]), ["onboarding-requests", "dead-letter"])
    error_message = "an operator cannot replay a dead letter, or may publish more than that"
  }

  assert {
    condition     = keys(google_pubsub_topic_iam_member.requesters) == ["group:oncall@example.com"] && google_pubsub_subscription_iam_member.operators["group:oncall@example.com"].subscription == "cmek-dead-letter-kept"
    error_message = "an operator cannot replay a request, or cannot read dead letters"
  }
}

run "dead_letters_are_set_on_what_eventarc_made" {

  assert {
    condition     = toset(keys(output.eventarc_deliveries)) == toset(keys(google_cloudfunctions2_function.functions))
    error_message = "a trigger is missing from the list"
  }

  assert {
    condition     = alltrue([for name, delivery in output.eventarc_deliveries : name == "reportDeadLetter" ? delivery.dead_letter_topic == null : delivery.dead_letter_topic == "cmek-dead-letter"])
    error_message = "a function has no dead-letter topic, or reportDeadLetter sends dead letters to itself"
  }

  assert {
    condition     = output.eventarc_deliveries["validateKey"].maximum_backoff == "60s" && output.eventarc_deliveries["validateKey"].max_delivery_attempts == 100
    error_message = "a validation that waits for IAM fails too early"
  }

  assert {
    condition     = google_pubsub_topic_iam_binding.publishers["dead-letter"].members == toset(["serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"])
    error_message = "Pub/Sub cannot publish dead letters"
  }

  assert {
    condition     = google_pubsub_subscription.dead_letter_kept.expiration_policy[0].ttl == ""
    error_message = "the subscription of dead letters expires after a month without messages"
  }
}

run "the_required_settings_are_set_and_the_others_are_not" {
  command = plan

  assert {
    condition     = toset(keys(local.environment["grantAccess"])) == toset(["CMEK_ANTHROPIC_ORGANIZATION_ID", "CMEK_EVIDENCE_BUCKET", "CMEK_GOOGLE_OWN_SERVICE_ACCOUNTS", "CMEK_GOOGLE_PROJECT", "CMEK_POLICY_ALLOWED_PROJECTS", "CMEK_POLICY_ALLOWED_WORKSPACES", "CMEK_TOPICS_PREFIX", "QUARKUS_FUNQY_EXPORT"])
    error_message = "grantAccess has the wrong settings"
  }

  assert {
    condition     = alltrue([for name in ["startScan", "scanKey", "reportScan", "rescanChangedKey"] : local.environment[name]["CMEK_EVIDENCE_BUCKET"] == "acme-cmek-cmek-evidence"])
    error_message = "the scan does not have the name of the evidence bucket"
  }

  assert {
    condition     = local.environment["scanKey"]["CMEK_REPAIR"] == "observe"
    error_message = "repair is not off by default"
  }
}

run "the_evidence_is_kept_and_not_public" {
  command = plan

  assert {
    condition     = google_storage_bucket.evidence[0].public_access_prevention == "enforced" && google_storage_bucket.evidence[0].uniform_bucket_level_access && !google_storage_bucket.evidence[0].force_destroy
    error_message = "the evidence can be made public, or is deleted by an uninstall"
  }

  assert {
    condition     = google_storage_bucket.evidence[0].versioning[0].enabled && google_storage_bucket.evidence[0].soft_delete_policy[0].retention_duration_seconds == 7776000
    error_message = "a replaced or deleted object cannot be restored"
  }

  assert {
    condition     = length(google_storage_bucket.evidence[0].retention_policy) == 0
    error_message = "a retention policy prevents replacing latest.json"
  }

  assert {
    condition     = google_project_iam_custom_role.evidence["scanKey"].permissions == toset(["storage.objects.create", "storage.objects.get", "storage.objects.list"])
    error_message = "scanKey has more or fewer permissions in the evidence bucket than it needs"
  }

  assert {
    condition     = google_project_iam_custom_role.evidence["createKey"].permissions == toset(["storage.objects.create", "storage.objects.get", "storage.objects.list"])
    error_message = "a step may replace more in the evidence bucket than the newest results"
  }
}

run "reports_cannot_be_deleted_before_their_time" {
  command = plan

  assert {
    condition     = google_storage_bucket.reports[0].retention_policy[0].retention_period == 400 * 86400 && !google_storage_bucket.reports[0].retention_policy[0].is_locked
    error_message = "a report can be deleted, or the retention is locked although nobody said so"
  }

  assert {
    condition     = google_storage_bucket.reports[0].public_access_prevention == "enforced" && google_storage_bucket.reports[0].uniform_bucket_level_access && !google_storage_bucket.reports[0].force_destroy && length(google_storage_bucket.reports[0].versioning) == 0
    error_message = "the reports can be made public, or are deleted by an uninstall"
  }

  assert {
    condition     = [for name, environment in local.environment : name if lookup(environment, "CMEK_EVIDENCE_REPORTS_BUCKET", "") == "acme-cmek-cmek-reports"] == ["reportScan"]
    error_message = "reportScan does not know the bucket of the reports, or another function does"
  }

  assert {
    condition     = jsondecode(google_storage_bucket_iam_policy.reports[0].policy_data).bindings == [{ members = ["serviceAccount:cmek-report-scan@acme-cmek.iam.gserviceaccount.com"], role = "projects/acme-cmek/roles/cmek_reports" }] && google_project_iam_custom_role.reports[0].permissions == toset(["storage.objects.create", "storage.objects.get", "storage.objects.list"])
    error_message = "somebody other than reportScan may do something to the reports, or it may replace one"
  }
}

run "the_retention_of_reports_can_be_locked" {
  command = plan

  variables {
    evidence_readers = ["group:audit@example.com"]
    report_retention = { days = 2555, locked = true }
  }

  assert {
    condition     = google_storage_bucket.reports[0].retention_policy[0].is_locked && google_storage_bucket.reports[0].retention_policy[0].retention_period == 2555 * 86400
    error_message = "the retention is not locked"
  }

  # A rule cannot delete what is retained.
  assert {
    condition     = one(google_storage_bucket.reports[0].lifecycle_rule[0].condition).age == 2555
    error_message = "the lifecycle is shorter than the retention"
  }

  assert {
    condition     = [for grant in jsondecode(google_storage_bucket_iam_policy.reports[0].policy_data).bindings : grant.role if contains(grant.members, "group:audit@example.com")] == ["roles/storage.objectViewer"]
    error_message = "an auditor cannot read the reports, or may write"
  }
}

run "what_was_found_and_decided_cannot_be_changed" {
  command = plan

  assert {
    condition     = length([for role in google_project_iam_custom_role.evidence : role if contains(role.permissions, "storage.objects.delete")]) == 0
    error_message = "a function may replace any object"
  }

  assert {
    condition = {
      for grant in jsondecode(google_storage_bucket_iam_policy.evidence[0].policy_data).bindings : grant.members[0] => grant.condition.expression
      if endswith(grant.role, "/cmek_evidence_replace")
      } == {
      "serviceAccount:cmek-attach-workspace@acme-cmek.iam.gserviceaccount.com"    = "resource.name.startsWith(\"projects/_/buckets/acme-cmek-cmek-evidence/objects/reservations/\") || resource.name.startsWith(\"projects/_/buckets/acme-cmek-cmek-evidence/objects/requests/\")"
      "serviceAccount:cmek-check-prerequisites@acme-cmek.iam.gserviceaccount.com" = "resource.name.startsWith(\"projects/_/buckets/acme-cmek-cmek-evidence/objects/requests/\")"
      "serviceAccount:cmek-create-key-ring@acme-cmek.iam.gserviceaccount.com"     = "resource.name.startsWith(\"projects/_/buckets/acme-cmek-cmek-evidence/objects/requests/\")"
      "serviceAccount:cmek-create-key@acme-cmek.iam.gserviceaccount.com"          = "resource.name.startsWith(\"projects/_/buckets/acme-cmek-cmek-evidence/objects/requests/\")"
      "serviceAccount:cmek-grant-access@acme-cmek.iam.gserviceaccount.com"        = "resource.name.startsWith(\"projects/_/buckets/acme-cmek-cmek-evidence/objects/requests/\")"
      "serviceAccount:cmek-onboard@acme-cmek.iam.gserviceaccount.com"             = "resource.name.startsWith(\"projects/_/buckets/acme-cmek-cmek-evidence/objects/requests/\")"
      "serviceAccount:cmek-register-key@acme-cmek.iam.gserviceaccount.com"        = "resource.name.startsWith(\"projects/_/buckets/acme-cmek-cmek-evidence/objects/reservations/\") || resource.name.startsWith(\"projects/_/buckets/acme-cmek-cmek-evidence/objects/requests/\")"
      "serviceAccount:cmek-report-dead-letter@acme-cmek.iam.gserviceaccount.com"  = "resource.name.startsWith(\"projects/_/buckets/acme-cmek-cmek-evidence/objects/requests/\")"
      "serviceAccount:cmek-scan-key@acme-cmek.iam.gserviceaccount.com"            = "resource.name.startsWith(\"projects/_/buckets/acme-cmek-cmek-evidence/objects/keys/\")"
      "serviceAccount:cmek-validate-key@acme-cmek.iam.gserviceaccount.com"        = "resource.name.startsWith(\"projects/_/buckets/acme-cmek-cmek-evidence/objects/requests/\")"
    }
    error_message = "a function may replace other objects than its own"
  }
}

run "nobody_reads_the_evidence_for_having_a_role_on_the_project" {
  command = plan

  variables {
    evidence_readers = ["group:audit@example.com"]
  }

  assert {
    condition     = toset(flatten([for grant in jsondecode(google_storage_bucket_iam_policy.evidence[0].policy_data).bindings : grant.members])) == setunion(values(local.members), ["group:audit@example.com"])
    error_message = "somebody else has a role on the evidence bucket"
  }

  assert {
    condition     = length([for grant in jsondecode(google_storage_bucket_iam_policy.evidence[0].policy_data).bindings : grant if startswith(grant.role, "roles/storage.legacy")]) == 0
    error_message = "a legacy binding is left"
  }

  assert {
    condition     = [for grant in jsondecode(google_storage_bucket_iam_policy.evidence[0].policy_data).bindings : grant.role if contains(grant.members, "group:audit@example.com")] == ["roles/storage.objectViewer"]
    error_message = "an auditor may write"
  }
}

run "the_scan_starts_on_schedule" {
  command = plan

  assert {
    condition     = google_cloud_scheduler_job.scan[0].schedule == "0 2 * * *" && google_cloud_scheduler_job.scan[0].time_zone == "Etc/UTC" && google_cloud_scheduler_job.scan[0].retry_config[0].retry_count == 5
    error_message = "the scan starts at the wrong time, or is not retried"
  }

  assert {
    condition     = !anytrue([for attribute in keys(google_cloud_scheduler_job.scan[0].pubsub_target[0].attributes) : startswith(attribute, "ce-")])
    error_message = "every scan would have the same id"
  }
}

run "without_a_schedule_the_scan_is_not_deployed" {
  command = plan

  variables {
    scan_schedule = null
  }

  assert {
    condition     = length(google_cloudfunctions2_function.functions) == 9 && length(google_cloud_scheduler_job.scan) == 0 && length(google_storage_bucket.evidence) == 1 && length(google_storage_bucket.reports) == 0 && length(google_monitoring_alert_policy.scan_missing) == 0
    error_message = "a part of the scan is deployed without a schedule"
  }

  assert {
    condition     = toset(keys(google_monitoring_alert_policy.results)) == toset(["destruction_scheduled"])
    error_message = "alerts of the scan are left, or other alerts are missing"
  }
}

run "keyless_there_is_no_secret" {
  command = plan

  variables {
    federation = { rule_id = "fdrl_01ABC", service_account_id = "svac_01ABC" }
  }

  assert {
    condition     = length(data.google_secret_manager_secret.admin_key) == 0 && length(google_secret_manager_secret_iam_binding.admin_key) == 0
    error_message = "a secret is read although there is a federation"
  }

  assert {
    condition     = local.environment["registerKey"]["CMEK_ANTHROPIC_FEDERATION_RULE_ID"] == "fdrl_01ABC" && local.environment["registerKey"]["CMEK_ANTHROPIC_FEDERATION_SERVICE_ACCOUNT_ID"] == "svac_01ABC" && !contains(keys(local.environment["registerKey"]), "CMEK_ANTHROPIC_ADMIN_KEY_FILE")
    error_message = "the federation is not configured, or a key is configured as well"
  }

  assert {
    condition     = !contains(keys(local.environment["grantAccess"]), "CMEK_ANTHROPIC_FEDERATION_RULE_ID")
    error_message = "a function that does not call Anthropic can authenticate there"
  }

  assert {
    condition     = toset(keys(output.federation_subjects)) == toset(["attachWorkspace", "checkPrerequisites", "scanKey", "rescanChangedKey", "registerKey", "reportDeadLetter", "startScan", "validateKey"])
    error_message = "the federation rule would admit the wrong functions"
  }
}

run "an_approval_is_delivered_to_the_function_that_attaches" {

  variables {
    approvers       = ["group:security@example.com"]
    attach_approval = "required"
    requesters      = ["group:payments@example.com"]
  }

  assert {
    condition     = google_eventarc_trigger.approvals["approvals"].destination[0].cloud_run_service[0].service == "cmek-attach-workspace"
    error_message = "an approval goes to another function"
  }

  assert {
    condition     = google_pubsub_topic_iam_binding.publishers["approvals"].topic == "cmek-approvals" && google_pubsub_topic_iam_member.requesters["group:payments@example.com"].topic == "cmek-onboarding-requests"
    error_message = "approvers or requesters may publish on the wrong topic"
  }

  assert {
    condition     = alltrue([for environment in local.environment : environment["CMEK_POLICY_ATTACH_APPROVAL"] == "required"])
    error_message = "a function does not know that an approval is required"
  }

  assert {
    condition     = contains(keys(output.eventarc_deliveries), "approvals")
    error_message = "the subscription of approvals does not get dead letters"
  }
}

run "a_different_jar_is_a_different_object" {
  command = plan

  assert {
    condition     = google_storage_bucket_object.functions[0].name == "functions-${filesha256("tests/functions.jar")}.zip"
    error_message = "a new jar would not be deployed, or the same jar would be deployed again"
  }

  assert {
    condition     = data.archive_file.functions[0].output_file_mode == "0644"
    error_message = "the archive depends on the mode of the file"
  }
}

run "a_jar_that_was_not_built_is_refused" {
  command         = plan
  expect_failures = [google_storage_bucket_object.functions]

  variables {
    functions_jar = "tests/not-built.jar"
  }
}

run "the_functions_are_built_for_the_invokers_second_edition" {
  command = plan

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.build_config[0].environment_variables == tomap({ USE_JAVA_FF_2 = "true" })])
    error_message = "a function is built with the first edition of the invoker"
  }
}

run "a_first_deployment_waits_for_its_roles" {
  command = plan

  assert {
    condition     = time_sleep.functions[0].create_duration == "90s" && google_project_service_identity.eventarc[0].service == "eventarc.googleapis.com"
    error_message = "the first builds and triggers come before their roles"
  }
}

run "nothing_is_kept_ready_by_default" {
  command = plan

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.service_config[0].min_instance_count == 0])
    error_message = "an instance is paid for that nobody asked for"
  }
}

run "only_an_onboarding_is_kept_ready" {
  command = plan

  variables {
    min_instances = 1
  }

  assert {
    condition     = alltrue([for name, function in google_cloudfunctions2_function.functions : function.service_config[0].min_instance_count == (local.functions[name].family == "onboarding" ? 1 : 0)])
    error_message = "a function of the scan is kept ready, or one of the onboarding is not"
  }
}

run "an_existing_archive_is_used_as_it_is" {
  command = plan

  variables {
    functions_archive = { bucket = "acme-builds", object = "cmek/functions-1.0.0.zip" }
  }

  assert {
    condition     = length(google_storage_bucket.source) == 0 && google_cloudfunctions2_function.functions["onboard"].build_config[0].source[0].storage_source[0].bucket == "acme-builds"
    error_message = "the archive is not used"
  }
}

run "the_build_reads_sources_and_not_the_evidence" {
  command = plan

  assert {
    condition     = strcontains(google_project_iam_member.build_source[0].condition[0].expression, "buckets/gcf-v2-sources-") && !strcontains(google_project_iam_member.build_source[0].condition[0].expression, "evidence")
    error_message = "the build may read more than the sources"
  }
}

run "history_is_off_by_default" {
  command = plan

  assert {
    condition     = length(google_pubsub_subscription.history) == 0 && length(google_bigquery_dataset.history) == 0
    error_message = "BigQuery is used although history is false"
  }
}

run "history_keeps_every_result" {
  command = plan

  variables {
    history = true
  }

  assert {
    condition     = google_pubsub_subscription.history[0].bigquery_config[0].table == "acme-cmek.cmek_history.results" && google_pubsub_subscription.history[0].bigquery_config[0].write_metadata && google_pubsub_subscription.history[0].expiration_policy[0].ttl == ""
    error_message = "results do not reach the table, or the subscription expires"
  }

  assert {
    condition     = google_bigquery_table.results[0].deletion_protection && !google_bigquery_dataset.history[0].delete_contents_on_destroy
    error_message = "the history is deleted by an uninstall"
  }
}

run "alerts_reach_the_channels_and_have_a_runbook" {
  command = plan

  variables {
    notification_channels = ["projects/acme-cmek/notificationChannels/1"]
  }

  assert {
    condition     = toset(keys(google_monitoring_alert_policy.results)) == toset(["destruction_scheduled", "key_unhealthy", "key_unreachable", "scan_incomplete"])
    error_message = "an alert is missing"
  }

  # Monitoring refuses a condition on a metric that was created a moment ago.
  assert {
    condition     = alltrue([for alert in google_monitoring_alert_policy.results : length(alert.conditions[0].condition_threshold) == 0 && startswith(alert.conditions[0].condition_matched_log[0].filter, local.results_filter) && length(alert.alert_strategy[0].notification_rate_limit) == 1])
    error_message = "an alert depends on a metric of this deployment, matches entries of others, or has no limit on its notifications"
  }

  assert {
    condition     = alltrue([for alert in concat(values(google_monitoring_alert_policy.results), google_monitoring_alert_policy.scan_missing, [google_monitoring_alert_policy.backlog, google_monitoring_alert_policy.dead_letter]) : alert.notification_channels == tolist(["projects/acme-cmek/notificationChannels/1"]) && length(alert.documentation[0].content) > 200])
    error_message = "an alert has no notification channel or no runbook"
  }

  assert {
    condition     = length(jsondecode(google_monitoring_dashboard.this.dashboard_json).mosaicLayout.tiles) == 6
    error_message = "a chart is missing"
  }
}

# The provider labels whatever it knows labels of; an alert has labels of its own kind.
run "alerts_have_the_labels" {
  command = plan

  variables {
    labels = { app = "cmek-onboarding", cost-center = "4711" }
  }

  assert {
    condition     = alltrue([for alert in concat(values(google_monitoring_alert_policy.results), google_monitoring_alert_policy.scan_missing, [google_monitoring_alert_policy.backlog, google_monitoring_alert_policy.dead_letter]) : alert.user_labels == tomap(var.labels)])
    error_message = "an alert has no labels"
  }
}

run "alerts_cover_the_subscriptions_of_this_deployment_alone" {
  command = plan

  variables {
    approvers       = ["group:security@example.com"]
    attach_approval = "required"
    history         = true
    result_readers  = { payments = ["group:payments@example.com"] }
  }

  assert {
    condition = alltrue([
      for name in ["cmek-onboard", "cmek-scan-key", "cmek-approvals", "cmek-results-payments", "cmek-results-history", "eventarc-us-central1-cmek-onboard-416384-sub-218", "eventarc-us-central1-cmek-approvals-sub-001"] :
      can(regex("^(${local.own_subscriptions})$", name))
    ])
    error_message = "a subscription of this deployment is not covered"
  }

  assert {
    condition = !anytrue([
      for name in ["cmek-dead-letter-kept", "acme-cmek-onboard", "cmek-other", "cmek-b-onboard", "eventarc-us-central1-acme-cmek-onboard-416384-sub-218", "eventarc-us-central1-cmek-b-onboard-416384-sub-218", "eventarc-europe-west1-cmek-onboard-416384-sub-218"] :
      can(regex("^(${local.own_subscriptions})$", name))
    ])
    error_message = "a subscription of others is covered, or the kept dead letters"
  }

  assert {
    condition     = alltrue([for alert in [google_monitoring_alert_policy.backlog, google_monitoring_alert_policy.dead_letter] : strcontains(alert.conditions[0].condition_threshold[0].filter, "full_match(\"${local.own_subscriptions}\")") && length(alert.conditions[0].condition_threshold[0].filter) < 2048])
    error_message = "an alert does not say which subscriptions it is about, or says too much for Monitoring"
  }
}

run "a_change_of_clocks_is_not_a_missing_scan" {
  command = plan

  # A day of twenty-five hours, and the hour that a scan may take, are shorter than the day that is counted and the grace period.
  assert {
    condition     = 24 * 3600 + tonumber(trimsuffix(google_monitoring_alert_policy.scan_missing[0].conditions[0].condition_prometheus_query_language[0].duration, "s")) > 26 * 3600 && strcontains(google_monitoring_alert_policy.scan_missing[0].conditions[0].condition_prometheus_query_language[0].query, "[24h]")
    error_message = "the scan after a change of clocks is reported missing"
  }
}

run "a_scan_of_every_week_is_not_missed_every_day" {
  command = plan

  variables {
    scan_schedule = "0 2 * * 1"
  }

  assert {
    condition     = length(google_monitoring_alert_policy.scan_missing) == 0 && length(google_cloud_scheduler_job.scan) == 1
    error_message = "a weekly scan is reported missing on the day after it"
  }
}

# Monitoring returns a dashboard without its zeros and empty lists.
run "the_dashboard_is_written_as_monitoring_returns_it" {
  command = plan

  assert {
    condition     = !can(regex(":0[,}]|:\\[\\]|:\"\"|:null|:\\{\\}", google_monitoring_dashboard.this.dashboard_json))
    error_message = "every plan would show a change of the dashboard"
  }

  assert {
    condition     = [for tile in jsondecode(google_monitoring_dashboard.this.dashboard_json).mosaicLayout.tiles : "${lookup(tile, "xPos", 0)}/${lookup(tile, "yPos", 0)}"] == ["0/0", "6/0", "0/4", "6/4", "0/8", "6/8"]
    error_message = "a chart is at the wrong place"
  }
}

run "requesters_publish_and_readers_read" {

  variables {
    requesters     = ["group:payments@example.com"]
    result_readers = { payments = ["group:payments@example.com"] }
  }

  assert {
    condition     = google_pubsub_topic_iam_member.requesters["group:payments@example.com"].role == "roles/pubsub.publisher"
    error_message = "a requester may do more than publish"
  }

  assert {
    condition     = google_pubsub_subscription_iam_member.result_readers["payments/group:payments@example.com"].subscription == "cmek-results-payments" && google_pubsub_subscription.result_readers["payments"].expiration_policy[0].ttl == ""
    error_message = "a reader has the wrong subscription, or it expires"
  }
}

run "only_log_sinks_publish_key_changes" {
  command = plan

  variables {
    key_change_writers = ["serviceAccount:service-123456789012@gcp-sa-logging.iam.gserviceaccount.com"]
  }

  assert {
    condition     = [for topic, grant in google_pubsub_topic_iam_binding.publishers : topic if contains(grant.members, "serviceAccount:service-123456789012@gcp-sa-logging.iam.gserviceaccount.com")] == ["key-changes"]
    error_message = "a log sink may publish on other topics"
  }
}

run "another_prefix_is_used_everywhere" {
  command = plan

  variables {
    prefix = "keys-"
  }

  assert {
    condition     = alltrue([for topic in google_pubsub_topic.topics : startswith(topic.name, "keys-")]) && alltrue([for account in google_service_account.functions : startswith(account.account_id, "keys-")]) && local.environment["onboard"]["CMEK_TOPICS_PREFIX"] == "keys-"
    error_message = "something still has the default prefix"
  }

  assert {
    condition     = alltrue([for account in google_service_account.functions : length(account.account_id) <= 30])
    error_message = "the id of an account is too long"
  }
}

run "nothing_is_open_to_the_public" {

  assert {
    condition     = length([for member in concat(flatten([for grant in google_pubsub_topic_iam_binding.publishers : tolist(grant.members)]), [for grant in google_pubsub_topic_iam_member.requesters : grant.member], flatten([for grant in google_cloud_run_v2_service_iam_binding.invoker : tolist(grant.members)]), flatten([for grant in google_cloud_run_v2_service_iam_binding.function_invoker : tolist(grant.members)]), flatten([for grant in jsondecode(google_storage_bucket_iam_policy.evidence[0].policy_data).bindings : grant.members])) : member if contains(["allUsers", "allAuthenticatedUsers"], member)]) == 0
    error_message = "something is open to the public"
  }
}

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

# An input that would lead to a failed or insecure deployment is refused, with a message that says what is allowed.

run "a_value_in_place_of_a_secrets_name_is_refused" {
  command         = plan
  expect_failures = [var.admin_key_secret]

  variables {
    admin_key_secret = "sk-ant-admin01-abc"
  }
}

run "a_resource_name_in_place_of_a_secrets_id_is_refused" {
  command         = plan
  expect_failures = [var.admin_key_secret]

  variables {
    admin_key_secret = "projects/acme/secrets/key"
  }
}

run "a_multi_region_is_refused" {
  command         = plan
  expect_failures = [var.allowed_locations]

  variables {
    allowed_locations = ["us"]
  }
}

run "an_empty_list_of_locations_is_refused" {
  command         = plan
  expect_failures = [var.allowed_locations]

  variables {
    allowed_locations = []
  }
}

run "an_empty_list_of_projects_is_refused" {
  command         = plan
  expect_failures = [var.allowed_projects]

  variables {
    allowed_projects = []
  }
}

run "a_wildcard_for_every_project_is_refused" {
  command         = plan
  expect_failures = [var.allowed_projects]

  variables {
    allowed_projects = ["*"]
  }
}

run "an_invalid_project_is_refused" {
  command         = plan
  expect_failures = [var.allowed_projects]

  variables {
    allowed_projects = ["Acme KMS"]
  }
}

run "an_invalid_workspace_is_refused" {
  command         = plan
  expect_failures = [var.allowed_workspaces]

  variables {
    allowed_workspaces = ["wrkspc-01/x"]
  }
}

run "a_workspace_may_be_for_the_keys_of_one_project" {
  command = plan

  variables {
    allowed_projects   = ["acme-kms-*"]
    allowed_workspaces = ["acme-kms-*=wrkspc_01ABC", "acme-kms-prod=wrkspc_01DEF", "wrkspc_01GHI"]
  }
}

run "a_workspace_for_a_project_that_is_not_allowed_is_refused" {
  command         = plan
  expect_failures = [var.allowed_workspaces]

  variables {
    allowed_workspaces = ["acme-kms-prd=wrkspc_01ABC"]
  }
}

# An attachment cannot be undone: somebody must have said which may be made, or must say so of each.
run "no_workspaces_and_no_approval_are_refused" {
  command         = plan
  expect_failures = [var.allowed_workspaces]

  variables {
    allowed_workspaces = null
  }
}

run "an_empty_list_of_workspaces_is_refused" {
  command         = plan
  expect_failures = [var.allowed_workspaces]

  variables {
    allowed_workspaces = []
    attach_approval    = "required"
  }
}

run "with_an_approval_no_workspace_needs_to_be_named" {
  command = plan

  variables {
    allowed_workspaces = null
    attach_approval    = "required"
  }
}

run "everybody_as_operator_is_refused" {
  command         = plan
  expect_failures = [var.operators]

  variables {
    operators = ["allUsers"]
  }
}

run "an_approver_who_is_an_operator_is_refused" {
  command         = plan
  expect_failures = [var.approvers]

  variables {
    approvers       = ["group:a@example.com"]
    attach_approval = "required"
    operators       = ["group:a@example.com"]
  }
}

run "everybody_as_reader_of_evidence_is_refused" {
  command         = plan
  expect_failures = [var.evidence_readers]

  variables {
    evidence_readers = ["allAuthenticatedUsers"]
  }
}

run "everybody_as_approver_is_refused" {
  command         = plan
  expect_failures = [var.approvers]

  variables {
    approvers       = ["allUsers"]
    attach_approval = "required"
  }
}

run "approvers_without_approval_are_refused" {
  command         = plan
  expect_failures = [var.approvers]

  variables {
    approvers = ["group:security@example.com"]
  }
}

run "an_approver_who_is_a_requester_is_refused" {
  command         = plan
  expect_failures = [var.approvers]

  variables {
    approvers       = ["group:a@example.com"]
    attach_approval = "required"
    requesters      = ["group:a@example.com"]
  }
}

run "an_invalid_approval_is_refused" {
  command         = plan
  expect_failures = [var.attach_approval]

  variables {
    attach_approval = "maybe"
  }
}

run "an_invalid_customer_id_is_refused" {
  command         = plan
  expect_failures = [var.anthropic_customer_id]

  variables {
    anthropic_customer_id = "anthropic.com"
  }
}

run "an_invalid_value_of_audit_logs_is_refused" {
  command         = plan
  expect_failures = [var.audit_logs]

  variables {
    audit_logs = "off"
  }
}

run "a_concurrency_of_zero_is_refused" {
  command         = plan
  expect_failures = [var.concurrency]

  variables {
    concurrency = 0
  }
}

run "no_image_on_cloud_run_is_refused" {
  command         = plan
  expect_failures = [var.container_image]

  variables {
    container_image = null
    host            = "cloud-run"
  }
}

run "an_image_by_its_tag_is_refused" {
  command         = plan
  expect_failures = [var.container_image]

  variables {
    container_image = "us-docker.pkg.dev/acme/cmek/cmek:latest"
    host            = "cloud-run"
  }
}

run "a_bucket_in_capitals_is_refused" {
  command         = plan
  expect_failures = [var.evidence_bucket]

  variables {
    evidence_bucket = "Evidence"
  }
}

run "evidence_for_a_week_is_refused" {
  command         = plan
  expect_failures = [var.evidence_retention_days]

  variables {
    evidence_retention_days = 7
  }
}

run "swapped_ids_of_a_federation_are_refused" {
  command         = plan
  expect_failures = [var.federation]

  variables {
    federation = { rule_id = "svac_01ABC", service_account_id = "fdrl_01ABC" }
  }
}

run "an_archive_that_is_a_jar_is_refused" {
  command         = plan
  expect_failures = [var.functions_archive]

  variables {
    functions_archive = { bucket = "acme", object = "functions.jar" }
  }
}

run "an_archive_where_a_jar_belongs_is_refused" {
  command         = plan
  expect_failures = [var.functions_jar]

  variables {
    functions_jar = "functions.zip"
  }
}

run "a_runtime_that_is_too_old_is_refused" {
  command         = plan
  expect_failures = [var.functions_runtime]

  variables {
    functions_runtime = "java11"
  }
}

run "an_invalid_host_is_refused" {
  command         = plan
  expect_failures = [var.host]

  variables {
    host = "gke"
  }
}

run "a_person_as_writer_of_key_changes_is_refused" {
  command         = plan
  expect_failures = [var.key_change_writers]

  variables {
    key_change_writers = ["user:somebody@example.com"]
  }
}

run "labels_in_capitals_are_refused" {
  command         = plan
  expect_failures = [var.labels]

  variables {
    labels = { App = "cmek" }
  }
}

run "documents_over_http_are_refused" {
  command         = plan
  expect_failures = [var.documentation_url]

  variables {
    documentation_url = "http://git.example.com/docs"
  }
}

run "an_age_in_plain_words_is_refused" {
  command         = plan
  expect_failures = [var.max_age]

  variables {
    max_age = "24 hours"
  }
}

run "an_age_without_a_number_is_refused" {
  command         = plan
  expect_failures = [var.max_age]

  variables {
    max_age = "PT"
  }
}

run "fewer_attempts_than_pubsub_accepts_are_refused" {
  command         = plan
  expect_failures = [var.max_delivery_attempts]

  variables {
    max_delivery_attempts = 4
  }
}

run "more_attempts_than_pubsub_accepts_are_refused" {
  command         = plan
  expect_failures = [var.max_delivery_attempts]

  variables {
    max_delivery_attempts = 101
  }
}

run "more_instances_kept_ready_than_there_may_be_are_refused" {
  command         = plan
  expect_failures = [var.min_instances]

  variables {
    max_instances = 2
    min_instances = 3
  }
}

run "zero_instances_are_refused" {
  command         = plan
  expect_failures = [var.max_instances]

  variables {
    max_instances = 0
  }
}

run "an_invalid_schedule_is_refused" {
  command         = plan
  expect_failures = [var.scan_schedule]

  variables {
    scan_schedule = "nightly"
  }
}

run "a_time_zone_by_its_abbreviation_is_refused" {
  command         = plan
  expect_failures = [var.scan_time_zone]

  variables {
    scan_time_zone = "CET"
  }
}

run "an_address_in_place_of_a_channel_is_refused" {
  command         = plan
  expect_failures = [var.notification_channels]

  variables {
    notification_channels = ["oncall@example.com"]
  }
}

run "an_organization_of_google_cloud_is_refused" {
  command         = plan
  expect_failures = [var.organization_id]

  variables {
    organization_id = "123456789012"
  }
}

run "an_organization_in_capitals_is_refused" {
  command         = plan
  expect_failures = [var.organization_id]

  variables {
    organization_id = "0F2A5C1E-8B7D-4C3A-9E6F-1A2B3C4D5E6F"
  }
}

run "an_organization_with_its_prefix_is_refused" {
  command         = plan
  expect_failures = [var.organization_id]

  variables {
    organization_id = "org_01ABC"
  }
}

run "a_prefix_that_is_too_long_is_refused" {
  command         = plan
  expect_failures = [var.prefix]

  variables {
    prefix = "key-onboarding-"
  }
}

run "a_prefix_without_its_dash_is_refused" {
  command         = plan
  expect_failures = [var.prefix]

  variables {
    prefix = "cmek"
  }
}

run "a_project_number_is_refused" {
  command         = plan
  expect_failures = [var.project_id]

  variables {
    project_id = "123456789012"
  }
}

run "a_propagation_window_in_plain_words_is_refused" {
  command         = plan
  expect_failures = [var.propagation_window]

  variables {
    propagation_window = "ten minutes"
  }
}

run "an_invalid_protection_level_is_refused" {
  command         = plan
  expect_failures = [var.protection_levels]

  variables {
    protection_levels = ["HSMM"]
  }
}

run "a_zone_in_place_of_a_region_is_refused" {
  command         = plan
  expect_failures = [var.region]

  variables {
    region = "us-central1-a"
  }
}

run "an_invalid_value_of_repair_after_is_refused" {
  command         = plan
  expect_failures = [var.repair_after]

  variables {
    repair_after = "20 hours"
  }
}

run "an_invalid_value_of_repair_is_refused" {
  command         = plan
  expect_failures = [var.repair]

  variables {
    repair = "always"
  }
}

run "everybody_as_requester_is_refused" {
  command         = plan
  expect_failures = [var.requesters]

  variables {
    requesters = ["allAuthenticatedUsers"]
  }
}

run "everybody_as_reader_is_refused" {
  command         = plan
  expect_failures = [var.result_readers]

  variables {
    result_readers = { payments = ["allUsers"] }
  }
}

run "a_reserved_name_of_a_reader_is_refused" {
  command         = plan
  expect_failures = [var.result_readers]

  variables {
    result_readers = { history = ["group:a@example.com"] }
  }
}

run "an_invalid_policy_of_binary_authorization_is_refused" {
  command         = plan
  expect_failures = [var.binary_authorization]

  variables {
    binary_authorization = "attested"
  }
}

run "a_key_in_another_region_is_refused" {
  command         = plan
  expect_failures = [var.kms_key]

  variables {
    kms_key    = "projects/acme-keys/locations/us/keyRings/services/cryptoKeys/cmek"
    repository = "projects/acme-cmek/locations/us-central1/repositories/cmek"
  }
}

run "a_version_of_a_key_is_refused" {
  command         = plan
  expect_failures = [var.kms_key]

  variables {
    kms_key    = "projects/acme-keys/locations/us-central1/keyRings/services/cryptoKeys/cmek/cryptoKeyVersions/1"
    repository = "projects/acme-cmek/locations/us-central1/repositories/cmek"
  }
}

run "a_key_for_functions_without_a_repository_is_refused" {
  command         = plan
  expect_failures = [var.repository]

  variables {
    kms_key = "projects/acme-keys/locations/us-central1/keyRings/services/cryptoKeys/cmek"
  }
}

run "a_repository_of_another_project_for_functions_is_refused" {
  command         = plan
  expect_failures = [var.repository]

  variables {
    repository = "projects/acme-images/locations/us-central1/repositories/cmek"
  }
}

run "a_repository_for_cloud_run_is_refused" {
  command         = plan
  expect_failures = [var.repository]

  variables {
    container_image = "us-central1-docker.pkg.dev/acme-cmek/cmek/cmek-onboarding@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    host            = "cloud-run"
    repository      = "projects/acme-cmek/locations/us-central1/repositories/cmek"
  }
}

run "regions_for_messages_without_the_services_own_are_refused" {
  command         = plan
  expect_failures = [var.regions]

  variables {
    regions = ["us-east5"]
  }
}

run "a_multi_region_for_messages_is_refused" {
  command         = plan
  expect_failures = [var.regions]

  variables {
    regions = ["us", "us-central1"]
  }
}

run "direct_vpc_egress_of_a_function_is_refused" {
  command         = plan
  expect_failures = [var.vpc_egress]

  variables {
    vpc_egress = { subnetwork = "serverless" }
  }
}

run "a_connector_on_cloud_run_is_refused" {
  command         = plan
  expect_failures = [var.vpc_egress]

  variables {
    container_image = "us-central1-docker.pkg.dev/acme-cmek/cmek/cmek-onboarding@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    host            = "cloud-run"
    vpc_egress      = { connector = "projects/acme-network/locations/us-central1/connectors/serverless" }
  }
}

run "an_unknown_egress_is_refused" {
  command         = plan
  expect_failures = [var.vpc_egress]

  variables {
    vpc_egress = { connector = "projects/acme-network/locations/us-central1/connectors/serverless", egress = "some" }
  }
}

run "a_connector_in_another_region_is_refused" {
  command         = plan
  expect_failures = [var.vpc_egress]

  variables {
    vpc_egress = { connector = "projects/acme-network/locations/us-east5/connectors/serverless" }
  }
}

run "a_pool_in_another_region_is_refused" {
  command         = plan
  expect_failures = [var.build_worker_pool]

  variables {
    build_worker_pool = "projects/acme-builds/locations/us-east5/workerPools/private"
  }
}

run "a_retention_of_no_days_is_refused" {
  command         = plan
  expect_failures = [var.report_retention]

  variables {
    report_retention = { days = 0 }
  }
}

run "a_bucket_of_reports_in_capitals_is_refused" {
  command         = plan
  expect_failures = [var.reports_bucket]

  variables {
    reports_bucket = "Reports"
  }
}

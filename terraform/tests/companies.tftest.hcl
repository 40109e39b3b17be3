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

  mock_resource "google_logging_project_sink" {
    defaults = { writer_identity = "serviceAccount:service-123456789012@gcp-sa-logging.iam.gserviceaccount.com" }
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
  functions_jar   = "tests/functions.jar"
  organization_id = "0f2a5c1e-8b7d-4c3a-9e6f-1a2b3c4d5e6f"
  project_id      = "acme-cmek"
}

# Three companies, as they would write their variables.

# --- A small company: one project of keys, one workspace, nothing else said ---------------------------------------------

run "a_small_company" {
  command = plan

  variables {
    allowed_projects   = ["acme-kms"]
    allowed_workspaces = ["wrkspc_01ABC"]
  }

  assert {
    condition     = length(google_cloudfunctions2_function.functions) == 13 && length(google_cloud_scheduler_job.scan) == 1
    error_message = "the smallest input does not deploy everything"
  }

  # What it did not ask for does not exist, and so needs no right, no quota and no money.
  assert {
    condition     = length(google_bigquery_dataset.history) == 0 && length(google_eventarc_trigger.approvals) == 0 && length(google_pubsub_subscription.result_readers) == 0 && length(google_pubsub_topic_iam_member.requesters) == 0
    error_message = "something is deployed that nobody asked for"
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.kms_key_name == null && function.service_config[0].vpc_connector == null && function.service_config[0].binary_authorization_policy == null && function.build_config[0].worker_pool == null])
    error_message = "a key, a network, a policy or a pool is demanded of a company that has none"
  }

  # Nobody but the functions and Google's own agents may publish between the steps, though no list was given.
  assert {
    condition     = setsubtract(flatten([for grant in google_pubsub_topic_iam_binding.publishers : tolist(grant.members)]), values(local.members)) == toset(["serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com", "serviceAccount:service-123456789012@gcp-sa-cloudscheduler.iam.gserviceaccount.com"])
    error_message = "somebody else may publish between the steps"
  }
}

# --- A company that enforces every policy of the table, on functions and on Cloud Run -------------------------------------

run "a_company_with_every_policy_on_functions" {
  command = plan

  variables {
    allowed_projects     = ["acme-kms"]
    approvers            = ["group:security@example.com"]
    attach_approval      = "required"
    binary_authorization = "default"
    build_worker_pool    = "projects/acme-builds/locations/us-east5/workerPools/private"
    evidence_readers     = ["group:audit@example.com"]
    federation           = { rule_id = "fdrl_01ABC", service_account_id = "svac_01ABC" }
    history              = true
    kms_key              = "projects/acme-keys/locations/us-east5/keyRings/services/cryptoKeys/cmek"
    labels               = { app = "cmek-onboarding", cost-center = "4711" }
    region               = "us-east5"
    regions              = ["us-east5"]
    repository           = "projects/acme-cmek/locations/us-east5/repositories/cmek"
    requesters           = ["group:payments@example.com"]
    vpc_egress           = { connector = "projects/acme-network/locations/us-east5/connectors/serverless" }
  }

  assert {
    condition = alltrue([
      for name, function in google_cloudfunctions2_function.functions : alltrue([
        function.build_config[0].docker_repository == var.repository,
        function.build_config[0].worker_pool == var.build_worker_pool,
        function.kms_key_name == var.kms_key,
        function.location == "us-east5",
        function.service_config[0].binary_authorization_policy == "default",
        function.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY",
        function.service_config[0].service_account_email == local.accounts[name],
        function.service_config[0].vpc_connector_egress_settings == "ALL_TRAFFIC",
      ])
    ])
    error_message = "a function would be refused by a policy"
  }

  assert {
    condition     = alltrue([for bucket in concat(google_storage_bucket.evidence, google_storage_bucket.reports, google_storage_bucket.source) : bucket.encryption[0].default_kms_key_name == var.kms_key && bucket.location == "us-east5" && bucket.public_access_prevention == "enforced" && bucket.uniform_bucket_level_access])
    error_message = "a bucket would be refused by a policy"
  }

  assert {
    condition     = alltrue([for topic in google_pubsub_topic.topics : topic.kms_key_name == var.kms_key && topic.message_storage_policy[0].allowed_persistence_regions == toset(["us-east5"])])
    error_message = "a topic would be refused by a policy"
  }

  # Keyless towards Anthropic as well: no secret, and no workspace without an approval.
  assert {
    condition     = length(data.google_secret_manager_secret.admin_key) == 0 && !contains(keys(local.environment["checkPrerequisites"]), "CMEK_POLICY_ALLOWED_WORKSPACES") && local.environment["checkPrerequisites"]["CMEK_POLICY_ATTACH_APPROVAL"] == "required"
    error_message = "a secret is needed, or an attachment without an approval is possible"
  }
}

run "a_company_with_every_policy_on_cloud_run" {
  command = plan

  variables {
    allowed_projects     = ["acme-kms"]
    allowed_workspaces   = ["acme-kms=wrkspc_01ABC"]
    binary_authorization = "projects/acme-security/platforms/cloudRun/policies/attested"
    container_image      = "us-east5-docker.pkg.dev/acme-images/private/cmek-onboarding@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    deletion_protection  = true
    federation           = { rule_id = "fdrl_01ABC", service_account_id = "svac_01ABC" }
    host                 = "cloud-run"
    kms_key              = "projects/acme-keys/locations/us-east5/keyRings/services/cryptoKeys/cmek"
    region               = "us-east5"
    regions              = ["us-east5"]
    vpc_egress           = { subnetwork = "projects/acme-network/regions/us-east5/subnetworks/serverless" }
  }

  assert {
    condition = alltrue([
      for name, service in google_cloud_run_v2_service.functions : alltrue([
        service.binary_authorization[0].policy == var.binary_authorization,
        service.deletion_protection,
        service.ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY",
        service.location == "us-east5",
        service.template[0].encryption_key == var.kms_key,
        service.template[0].service_account == local.accounts[name],
        service.template[0].vpc_access[0].egress == "ALL_TRAFFIC",
      ])
    ])
    error_message = "a service would be refused by a policy"
  }

  assert {
    condition     = output.image_reader == "serviceAccount:service-123456789012@serverless-robot-prod.iam.gserviceaccount.com" && length(output.kms_key_users) == 3
    error_message = "the owners of the image and of the key are not told whom to admit"
  }
}

# --- A company with twelve key projects of other teams, in two regions ---------------------------------------------------

run "a_company_with_twelve_teams" {
  variables {
    allowed_locations = ["us-central1", "us-east5"]
    allowed_projects = [
      "acme-analytics-kms", "acme-archive-kms", "acme-claims-kms", "acme-fraud-kms",
      "acme-hr-kms", "acme-legal-kms", "acme-mobile-kms", "acme-payments-kms",
      "acme-research-kms", "acme-store-kms", "acme-vault-kms", "acme-web-kms",
    ]
    allowed_workspaces = [
      "acme-analytics-kms=wrkspc_analytics", "acme-archive-kms=wrkspc_archive", "acme-claims-kms=wrkspc_claims", "acme-fraud-kms=wrkspc_fraud",
      "acme-hr-kms=wrkspc_hr", "acme-legal-kms=wrkspc_legal", "acme-mobile-kms=wrkspc_mobile", "acme-payments-kms=wrkspc_payments",
      "acme-research-kms=wrkspc_research", "acme-store-kms=wrkspc_store", "acme-vault-kms=wrkspc_vault", "acme-web-kms=wrkspc_web",
    ]
    regions = ["us-central1", "us-east5"]
  }

  assert {
    condition     = length(split(",", local.environment["attachWorkspace"]["CMEK_POLICY_ALLOWED_WORKSPACES"])) == 12 && alltrue([for pair in split(",", local.environment["attachWorkspace"]["CMEK_POLICY_ALLOWED_WORKSPACES"]) : strcontains(pair, "=")])
    error_message = "a team may attach its key to the workspace of another"
  }

  assert {
    condition     = local.environment["checkPrerequisites"]["CMEK_POLICY_ALLOWED_LOCATIONS"] == "us-central1,us-east5"
    error_message = "a key may be in another location"
  }
}

run "the_key_projects_of_the_teams" {
  module {
    source = "./tests/key_projects"
  }

  variables {
    key_changes_topic = "projects/acme-cmek/topics/cmek-key-changes"
    key_rings = {
      "acme-analytics-kms" = ["us-central1/anthropic", "us-east5/anthropic"]
      "acme-archive-kms"   = ["us-central1/anthropic", "us-east5/anthropic"]
      "acme-claims-kms"    = ["us-central1/anthropic", "us-east5/anthropic"]
      "acme-fraud-kms"     = ["us-central1/anthropic", "us-east5/anthropic"]
      "acme-hr-kms"        = ["us-central1/anthropic", "us-east5/anthropic"]
      "acme-legal-kms"     = ["us-central1/anthropic", "us-east5/anthropic"]
      "acme-mobile-kms"    = ["us-central1/anthropic", "us-east5/anthropic"]
      "acme-payments-kms"  = ["us-central1/anthropic", "us-east5/anthropic"]
      "acme-research-kms"  = ["us-central1/anthropic", "us-east5/anthropic"]
      "acme-store-kms"     = ["us-central1/anthropic", "us-east5/anthropic"]
      "acme-vault-kms"     = ["us-central1/anthropic", "us-east5/anthropic"]
      "acme-web-kms"       = ["us-central1/anthropic", "us-east5/anthropic"]
    }
    service_accounts = run.a_company_with_twelve_teams.service_accounts
  }

  assert {
    condition     = length(output.grants) == 12
    error_message = "a project has no grants"
  }

  # No team's other keys can be touched, and no team's keys by a grant in the project of another.
  assert {
    condition     = alltrue(flatten([for project, grants in output.grants : [for grant in grants : startswith(grant.condition, "resource.name == \"projects/${project}/locations/us-")]]))
    error_message = "a grant has no condition, or one on keys of another project"
  }

  assert {
    condition     = toset(flatten([for grants in output.grants : [for grant in grants : grant.function if length(regexall("/keyRings/anthropic/", grant.condition)) == 1]])) == toset(["checkPrerequisites", "createKey", "createKeyRing", "grantAccess", "scanKey", "validateKey"])
    error_message = "a function lacks the key rings, or one that has nothing to do with keys has them"
  }
}

run "the_service_hears_of_changes_in_all_of_them" {
  command = plan

  variables {
    allowed_locations = ["us-central1", "us-east5"]
    allowed_projects = [
      "acme-analytics-kms", "acme-archive-kms", "acme-claims-kms", "acme-fraud-kms",
      "acme-hr-kms", "acme-legal-kms", "acme-mobile-kms", "acme-payments-kms",
      "acme-research-kms", "acme-store-kms", "acme-vault-kms", "acme-web-kms",
    ]
    allowed_workspaces = [
      "acme-analytics-kms=wrkspc_analytics", "acme-archive-kms=wrkspc_archive", "acme-claims-kms=wrkspc_claims", "acme-fraud-kms=wrkspc_fraud",
      "acme-hr-kms=wrkspc_hr", "acme-legal-kms=wrkspc_legal", "acme-mobile-kms=wrkspc_mobile", "acme-payments-kms=wrkspc_payments",
      "acme-research-kms=wrkspc_research", "acme-store-kms=wrkspc_store", "acme-vault-kms=wrkspc_vault", "acme-web-kms=wrkspc_web",
    ]
    key_change_writers = run.the_key_projects_of_the_teams.key_change_writers
    regions            = ["us-central1", "us-east5"]
  }

  assert {
    condition     = google_pubsub_topic_iam_binding.publishers["key-changes"].members == toset(run.the_key_projects_of_the_teams.key_change_writers)
    error_message = "the log sink of a team may not publish, or somebody else may"
  }
}

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
  allowed_workspaces = ["acme-kms-prod=wrkspc_01ABC"]
  organization_id    = "0f2a5c1e-8b7d-4c3a-9e6f-1a2b3c4d5e6f"
  project_id         = "acme-cmek"
  functions_jar      = "tests/functions.jar"
}

# The organization policies in the table of terraform/README.md, each with the variables that are named there. A comment before
# each run names its constraint. A constraint is met by what is planned: Google checks it when the resource is created.

# gcp.restrictNonCmekServices
run "everything_is_encrypted_with_the_key" {
  command = plan

  variables {
    history    = true
    kms_key    = "projects/acme-keys/locations/us-central1/keyRings/services/cryptoKeys/cmek"
    repository = "projects/acme-cmek/locations/us-central1/repositories/cmek"
  }

  assert {
    condition     = alltrue([for topic in google_pubsub_topic.topics : topic.kms_key_name == var.kms_key])
    error_message = "a topic is encrypted with a key of Google's"
  }

  assert {
    condition     = alltrue([for bucket in concat(google_storage_bucket.evidence, google_storage_bucket.reports, google_storage_bucket.source) : bucket.encryption[0].default_kms_key_name == var.kms_key])
    error_message = "a bucket is encrypted with a key of Google's"
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.kms_key_name == var.kms_key && function.build_config[0].docker_repository == var.repository])
    error_message = "a function, its source or its container is encrypted with a key of Google's"
  }

  assert {
    condition     = google_bigquery_dataset.history[0].default_encryption_configuration[0].kms_key_name == var.kms_key
    error_message = "the history is encrypted with a key of Google's"
  }

  assert {
    condition = toset(output.kms_key_users) == toset([for agent in [
      "bq-123456789012@bigquery-encryption", "service-123456789012@gcf-admin-robot", "service-123456789012@gcp-sa-artifactregistry",
      "service-123456789012@gcp-sa-eventarc", "service-123456789012@gcp-sa-pubsub", "service-123456789012@gcp-sa-secretmanager",
      "service-123456789012@gs-project-accounts", "service-123456789012@serverless-robot-prod",
    ] : "serviceAccount:${agent}.iam.gserviceaccount.com"])
    error_message = "a service agent that encrypts is not named to the owner of the key, or one that does not is"
  }
}

# gcp.restrictNonCmekServices
run "services_are_encrypted_with_the_key" {
  command = plan

  variables {
    container_image = "us-central1-docker.pkg.dev/acme-images/cmek/cmek-onboarding@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    federation      = { rule_id = "fdrl_01ABC", service_account_id = "svac_01ABC" }
    host            = "cloud-run"
    kms_key         = "projects/acme-keys/locations/us-central1/keyRings/services/cryptoKeys/cmek"
  }

  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.functions : service.template[0].encryption_key == var.kms_key])
    error_message = "a container is encrypted with a key of Google's"
  }

  assert {
    condition     = toset(output.kms_key_users) == toset([for agent in ["gcp-sa-pubsub", "gs-project-accounts", "serverless-robot-prod"] : "serviceAccount:service-123456789012@${agent}.iam.gserviceaccount.com"])
    error_message = "a service agent that encrypts is not named to the owner of the key, or one that does not is"
  }

  # The image is in a project of others, who admit this member.
  assert {
    condition     = output.image_reader == "serviceAccount:service-123456789012@serverless-robot-prod.iam.gserviceaccount.com"
    error_message = "the owner of the repository is not told whom to admit"
  }
}

# gcp.restrictNonCmekServices
run "a_secret_without_the_key_is_refused" {
  command         = plan
  expect_failures = [data.google_secret_manager_secret.admin_key]

  variables {
    kms_key    = "projects/acme-keys/locations/us-central1/keyRings/services/cryptoKeys/cmek"
    repository = "projects/acme-cmek/locations/us-central1/repositories/cmek"
  }

  override_data {
    target = data.google_secret_manager_secret.admin_key
    values = {
      replication = [{ auto = [{ customer_managed_encryption = [] }], user_managed = [] }]
    }
  }
}

# gcp.resourceLocations
run "everything_is_where_it_may_be" {
  command = plan

  variables {
    history = true
    region  = "us-east5"
    regions = ["us-central1", "us-east5"]
  }

  assert {
    condition = toset(concat(
      [for bucket in concat(google_storage_bucket.evidence, google_storage_bucket.reports, google_storage_bucket.source) : lower(bucket.location)],
      [for function in google_cloudfunctions2_function.functions : function.location],
      [for function in google_cloudfunctions2_function.functions : function.event_trigger[0].trigger_region],
      google_bigquery_dataset.history[*].location,
      google_cloud_scheduler_job.scan[*].region,
    )) == toset(["us-east5"])
    error_message = "something is created in another location"
  }

  assert {
    condition     = alltrue([for topic in google_pubsub_topic.topics : topic.message_storage_policy[0].allowed_persistence_regions == toset(["us-central1", "us-east5"])])
    error_message = "a message may be stored elsewhere"
  }
}

# run.allowedIngress
run "functions_are_called_from_inside_alone" {
  command = plan

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY"])
    error_message = "a function can be called from outside"
  }
}

# run.allowedIngress
run "services_are_called_from_inside_alone" {
  command = plan

  variables {
    container_image = "us-central1-docker.pkg.dev/acme-cmek/cmek/cmek-onboarding@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    host            = "cloud-run"
  }

  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.functions : service.ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY"])
    error_message = "a service can be called from outside"
  }
}

# run.allowedVPCEgress
run "functions_send_through_the_network" {
  command = plan

  variables {
    vpc_egress = { connector = "projects/acme-network/locations/us-central1/connectors/serverless" }
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.service_config[0].vpc_connector == "projects/acme-network/locations/us-central1/connectors/serverless" && function.service_config[0].vpc_connector_egress_settings == "ALL_TRAFFIC"])
    error_message = "a function sends past the network"
  }

  assert {
    condition     = contains(local.apis, "vpcaccess.googleapis.com")
    error_message = "the API of connectors is not enabled"
  }
}

# run.allowedVPCEgress
run "services_send_through_the_network" {
  command = plan

  variables {
    container_image = "us-central1-docker.pkg.dev/acme-cmek/cmek/cmek-onboarding@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    host            = "cloud-run"
    vpc_egress      = { egress = "private-ranges-only", network = "projects/acme-network/global/networks/shared", subnetwork = "projects/acme-network/regions/us-central1/subnetworks/serverless", tags = ["cmek"] }
  }

  assert {
    condition = alltrue([
      for service in google_cloud_run_v2_service.functions :
      service.template[0].vpc_access[0].egress == "PRIVATE_RANGES_ONLY" && service.template[0].vpc_access[0].network_interfaces[0].subnetwork == var.vpc_egress.subnetwork && service.template[0].vpc_access[0].network_interfaces[0].tags == tolist(["cmek"])
    ])
    error_message = "a service sends past the network"
  }
}

# iam.disableServiceAccountKeyCreation
run "functions_run_as_their_accounts" {
  command = plan

  # deployment/check.sh finds a resource that is a key of a service account.
  assert {
    condition     = alltrue([for name, function in google_cloudfunctions2_function.functions : function.service_config[0].service_account_email == local.accounts[name] && length([for variable in keys(function.service_config[0].environment_variables) : variable if strcontains(variable, "GOOGLE_APPLICATION_CREDENTIALS")]) == 0])
    error_message = "a function needs a key of a service account"
  }
}

# storage.uniformBucketLevelAccess
run "buckets_have_no_access_by_object" {
  command = plan

  assert {
    condition     = alltrue([for bucket in concat(google_storage_bucket.evidence, google_storage_bucket.reports, google_storage_bucket.source) : bucket.uniform_bucket_level_access])
    error_message = "a bucket has lists of access by object"
  }
}

# storage.publicAccessPrevention
run "buckets_cannot_be_made_public" {
  command = plan

  assert {
    condition     = alltrue([for bucket in concat(google_storage_bucket.evidence, google_storage_bucket.reports, google_storage_bucket.source) : bucket.public_access_prevention == "enforced"])
    error_message = "a bucket can be made public"
  }
}

# iam.automaticIamGrantsForDefaultServiceAccounts
run "functions_do_not_use_default_accounts" {
  command = plan

  assert {
    condition     = toset([for function in google_cloudfunctions2_function.functions : function.service_config[0].service_account_email]) == toset(values(local.accounts)) && length(google_service_account.build) == 1
    error_message = "a function or its build runs as a default account"
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.event_trigger[0].service_account_email == local.invoker])
    error_message = "a trigger calls as a default account"
  }
}

# iam.automaticIamGrantsForDefaultServiceAccounts
run "services_do_not_use_default_accounts" {
  command = plan

  variables {
    container_image = "us-central1-docker.pkg.dev/acme-cmek/cmek/cmek-onboarding@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    host            = "cloud-run"
  }

  assert {
    condition     = alltrue([for name, service in google_cloud_run_v2_service.functions : service.template[0].service_account == local.accounts[name]])
    error_message = "a service runs as a default account"
  }
}

# run.allowedBinaryAuthorizationPolicies
run "functions_are_under_binary_authorization" {
  command = plan

  variables {
    binary_authorization = "default"
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.service_config[0].binary_authorization_policy == "default"]) && contains(local.apis, "binaryauthorization.googleapis.com")
    error_message = "a function is deployed without Binary Authorization"
  }
}

# run.allowedBinaryAuthorizationPolicies
run "services_are_under_binary_authorization" {
  command = plan

  variables {
    binary_authorization = "projects/acme-security/platforms/cloudRun/policies/attested"
    container_image      = "us-central1-docker.pkg.dev/acme-cmek/cmek/cmek-onboarding@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    host                 = "cloud-run"
  }

  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.functions : service.binary_authorization[0].policy == var.binary_authorization && service.binary_authorization[0].use_default == null])
    error_message = "a service is deployed without the policy"
  }
}

# cloudbuild.allowedWorkerPools
run "functions_are_built_in_the_private_pool" {
  command = plan

  variables {
    build_worker_pool = "projects/acme-builds/locations/us-central1/workerPools/private"
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.build_config[0].worker_pool == var.build_worker_pool])
    error_message = "a container is built elsewhere"
  }
}

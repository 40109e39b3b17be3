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
  container_image    = "us-central1-docker.pkg.dev/acme-cmek/cmek/cmek-onboarding@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  host               = "cloud-run"
}

# The native executable on Cloud Run, fed by Pub/Sub push.

run "every_function_is_a_service_of_its_own" {

  assert {
    condition     = length(google_cloud_run_v2_service.functions) == 13 && length(google_cloudfunctions2_function.functions) == 0
    error_message = "a function is missing or is on the wrong host"
  }

  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.functions : service.ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY" && !service.deletion_protection])
    error_message = "a service can be called from outside, or cannot be uninstalled"
  }

  assert {
    condition     = alltrue([for name, service in google_cloud_run_v2_service.functions : anytrue([for env in service.template[0].containers[0].env : env.name == "QUARKUS_FUNQY_EXPORT" && env.value == name])])
    error_message = "a service has the name of another function"
  }

  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.functions : !anytrue([for env in service.template[0].containers[0].env : env.name == "JAVA_TOOL_OPTIONS"])])
    error_message = "a native executable has options for a JVM"
  }
}

run "pushes_have_the_invokers_token" {

  assert {
    condition     = alltrue([for push in google_pubsub_subscription.push : push.push_config[0].oidc_token[0].service_account_email == "cmek-invoker@acme-cmek.iam.gserviceaccount.com" && push.push_config[0].oidc_token[0].audience == "https://service.example.run.app"])
    error_message = "a push has no token, or has the wrong account or audience"
  }

  assert {
    condition     = alltrue([for name, push in google_pubsub_subscription.push : push.push_config[0].push_endpoint == "https://service.example.run.app/${name}"])
    error_message = "a push goes to another function"
  }

  assert {
    condition     = length(google_cloud_run_v2_service_iam_binding.invoker) == 13 && alltrue([for grant in google_cloud_run_v2_service_iam_binding.invoker : grant.role == "roles/run.invoker" && grant.members == toset(["serviceAccount:cmek-invoker@acme-cmek.iam.gserviceaccount.com"])])
    error_message = "an account other than the invoker may call a service"
  }

  assert {
    condition     = google_service_account_iam_binding.invoker_tokens.members == toset(["serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"]) && google_service_account_iam_binding.invoker_tokens.role == "roles/iam.serviceAccountOpenIdTokenCreator"
    error_message = "Pub/Sub cannot sign the invoker's tokens"
  }

  assert {
    condition     = alltrue([for push in google_pubsub_subscription.push : length(push.push_config[0].no_wrapper) == 0])
    error_message = "a push comes without the envelope that the functions read"
  }
}

run "a_failed_message_is_retried_and_then_a_dead_letter" {

  assert {
    condition     = alltrue([for name, push in google_pubsub_subscription.push : name == "reportDeadLetter" ? length(push.dead_letter_policy) == 0 : push.dead_letter_policy[0].dead_letter_topic == google_pubsub_topic.topics["dead-letter"].id])
    error_message = "a function has no dead-letter topic, or reportDeadLetter sends dead letters to itself"
  }

  assert {
    condition     = google_pubsub_subscription.push["createKey"].dead_letter_policy[0].max_delivery_attempts == 25 && google_pubsub_subscription.push["validateKey"].dead_letter_policy[0].max_delivery_attempts == 100
    error_message = "a function has the wrong number of delivery attempts"
  }

  assert {
    condition     = alltrue([for push in google_pubsub_subscription.push : push.retry_policy[0].minimum_backoff == "10s"]) && google_pubsub_subscription.push["reportScan"].retry_policy[0].maximum_backoff == "60s"
    error_message = "a subscription has the wrong pause between two deliveries"
  }

  # reportScan uses redelivery as its timer: with pauses of 10, 20 and 40 seconds and then of a minute, the attempts last
  # longer than the hour after which it reports on the keys that were checked by then.
  assert {
    condition     = 10 + 20 + 40 + 60 * (google_pubsub_subscription.push["reportScan"].dead_letter_policy[0].max_delivery_attempts - 4) > 3600
    error_message = "the report of the scan fails before its deadline"
  }

  assert {
    condition     = alltrue([for push in google_pubsub_subscription.push : push.expiration_policy[0].ttl == ""])
    error_message = "a subscription expires after a month without messages"
  }

  assert {
    condition     = alltrue([for push in google_pubsub_subscription.push : push.ack_deadline_seconds > 300 && push.ack_deadline_seconds <= 600])
    error_message = "a message would be delivered again while its step is still working"
  }

  assert {
    condition     = length(google_pubsub_subscription_iam_member.dead_letter) == 12 && alltrue([for grant in google_pubsub_subscription_iam_member.dead_letter : grant.role == "roles/pubsub.subscriber" && grant.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"])
    error_message = "Pub/Sub cannot acknowledge a dead letter in its subscription"
  }

  assert {
    condition     = google_pubsub_topic_iam_binding.publishers["dead-letter"].members == toset(["serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"])
    error_message = "Pub/Sub cannot publish dead letters"
  }
}

run "messages_of_one_key_are_delivered_in_order" {
  command = plan

  assert {
    condition     = alltrue([for name, push in google_pubsub_subscription.push : push.enable_message_ordering == (name != "reportDeadLetter")])
    error_message = "a subscription does not keep the order, or a dead letter delays other messages"
  }
}

run "the_credential_is_a_file_where_it_is_needed" {
  command = plan

  assert {
    condition     = alltrue([for name, service in google_cloud_run_v2_service.functions : length(service.template[0].volumes) == (local.functions[name].anthropic ? 1 : 0)])
    error_message = "a function has a credential that it does not need, or lacks one that it needs"
  }

  assert {
    condition     = google_cloud_run_v2_service.functions["attachWorkspace"].template[0].volumes[0].secret[0].items[0].version == "latest" && google_cloud_run_v2_service.functions["attachWorkspace"].template[0].volumes[0].secret[0].items[0].path == "admin-key" && google_cloud_run_v2_service.functions["attachWorkspace"].template[0].containers[0].volume_mounts[0].mount_path == "/secrets/anthropic"
    error_message = "the file has another path, or does not change after a rotation"
  }

  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.functions : alltrue([for env in service.template[0].containers[0].env : length(env.value_source) == 0])])
    error_message = "a secret is in an environment variable"
  }
}

run "keyless_there_is_nothing_to_mount" {
  command = plan

  variables {
    federation = { rule_id = "fdrl_01ABC", service_account_id = "svac_01ABC" }
  }

  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.functions : length(service.template[0].volumes) == 0])
    error_message = "a secret is mounted although there is a federation"
  }
}

run "an_approval_is_pushed_to_the_function_that_attaches" {

  variables {
    attach_approval = "required"
  }

  assert {
    condition     = google_pubsub_subscription.push["approvals"].name == "cmek-approvals" && google_pubsub_subscription.push["approvals"].push_config[0].push_endpoint == "https://service.example.run.app/attachWorkspace"
    error_message = "an approval goes to another function"
  }

  assert {
    condition     = length(google_pubsub_subscription.push["approvals"].dead_letter_policy) == 1
    error_message = "an approval that fails is lost"
  }
}

run "services_can_be_protected_from_deletion" {
  command = plan

  variables {
    deletion_protection = true
  }

  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.functions : service.deletion_protection])
    error_message = "a service can be deleted by mistake"
  }
}

run "nothing_of_the_other_host_is_created" {
  command = plan

  assert {
    condition     = length(google_storage_bucket.source) == 0 && length(google_service_account.build) == 0 && length(google_eventarc_trigger.approvals) == 0 && length(output.eventarc_deliveries) == 0
    error_message = "a resource of the other host is created"
  }

  assert {
    condition     = length(setintersection(local.apis, ["cloudfunctions.googleapis.com", "eventarc.googleapis.com"])) == 0
    error_message = "an API is enabled that is not needed"
  }
}

run "nothing_is_open_to_the_public" {

  assert {
    condition     = length([for member in concat(flatten([for grant in google_pubsub_topic_iam_binding.publishers : tolist(grant.members)]), [for grant in google_pubsub_topic_iam_member.requesters : grant.member], flatten([for grant in google_cloud_run_v2_service_iam_binding.invoker : tolist(grant.members)]), flatten([for grant in google_cloud_run_v2_service_iam_binding.function_invoker : tolist(grant.members)]), flatten([for grant in jsondecode(google_storage_bucket_iam_policy.evidence[0].policy_data).bindings : grant.members])) : member if contains(["allUsers", "allAuthenticatedUsers"], member)]) == 0
    error_message = "something is open to the public"
  }
}

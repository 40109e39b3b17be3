output "evidence_bucket" {
  description = "Bucket that keeps what the scan found; null without a scan."
  value       = one(google_storage_bucket.evidence[*].name)
}

output "eventarc_deliveries" {
  description = "What deployment/eventarc-dead-letters.sh sets on the subscriptions that Eventarc owns; empty with host = \"cloud-run\"."
  value = var.host == "functions" ? {
    for name, delivery in local.deliveries : name => {
      ack_deadline_seconds  = local.ack_deadline_seconds
      dead_letter_topic     = local.functions[delivery.function].dead_letter ? google_pubsub_topic.topics["dead-letter"].name : null
      max_delivery_attempts = local.functions[delivery.function].delivery_attempts
      maximum_backoff       = local.functions[delivery.function].maximum_backoff
      trigger = (
        name == delivery.function
        ? google_cloudfunctions2_function.functions[name].event_trigger[0].trigger
        : google_eventarc_trigger.approvals[name].id
      )
    }
  } : {}
}

output "federation_subjects" {
  description = "Unique ids of the accounts that speak to Anthropic: what the federation rule in Anthropic's Console must admit."
  value       = { for name, function in local.functions : name => google_service_account.functions[name].unique_id if function.Anthropic }
}

output "key_changes_topic" {
  description = "Topic for the log sinks of the key projects, for modules/key-project; null without a scan."
  value       = local.scan ? google_pubsub_topic.topics["key-changes"].id : null
}

output "pubsub_agent" {
  description = "Pub/Sub's own identity in this project."
  value       = local.pubsub_agent
}

output "requests_topic" {
  description = "Topic that requests are published on."
  value       = google_pubsub_topic.topics["onboarding-requests"].id
}

output "results_topic" {
  description = "Topic that results are published on."
  value       = google_pubsub_topic.topics["results"].id
}

output "service_accounts" {
  description = "Email of each function's account that needs something in a key's project, for modules/key-project."
  value       = { for name, function in local.functions : name => google_service_account.functions[name].email if function.kms }
}

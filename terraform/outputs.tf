output "evidence_bucket" {
  description = "Bucket in which the service keeps the records of onboardings and scans."
  value       = one(google_storage_bucket.evidence[*].name)
}

output "eventarc_deliveries" {
  description = "Settings that deployment/eventarc-dead-letters.sh applies to the subscriptions that Eventarc owns. Empty with host = \"cloud-run\"."
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
  description = "Unique ids of the service accounts that call Anthropic. The federation rule in Anthropic's Console must admit them."
  value       = { for name, function in local.functions : name => google_service_account.functions[name].unique_id if function.anthropic }
}

output "image_reader" {
  description = "Service agent of Cloud Run, which reads container_image: the owner of a repository in another project must grant it roles/artifactregistry.reader there. null with host = \"functions\"."
  value       = var.host == "cloud-run" ? "serviceAccount:service-${data.google_project.this.number}@serverless-robot-prod.iam.gserviceaccount.com" : null
}

output "key_changes_topic" {
  description = "Topic for the log sinks of the key projects: the input key_changes_topic of modules/key-project. null without a scan."
  value       = local.scan ? google_pubsub_topic.topics["key-changes"].id : null
}

output "kms_key_users" {
  description = "Members to which the owner of kms_key must grant roles/cloudkms.cryptoKeyEncrypterDecrypter on it before the first apply. Empty without kms_key."
  value       = local.kms_key_users
}

output "pubsub_agent" {
  description = "Service agent of Pub/Sub in this project."
  value       = local.pubsub_agent
}

output "reports_bucket" {
  description = "Bucket that keeps the reports of finished scans. null without a scan."
  value       = one(google_storage_bucket.reports[*].name)
}

output "requests_topic" {
  description = "Topic on which requests are published."
  value       = google_pubsub_topic.topics["onboarding-requests"].id
}

output "results_topic" {
  description = "Topic on which results are published."
  value       = google_pubsub_topic.topics["results"].id
}

output "service_accounts" {
  description = "Email of the service account of each function that needs access to a key's project: the input service_accounts of modules/key-project."
  value       = { for name, function in local.functions : name => local.accounts[name] if function.kms }
}

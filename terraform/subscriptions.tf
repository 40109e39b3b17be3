# Subscriptions that people read. Those that feed functions are made by their host: host_cloud_run.tf, host_functions.tf.

# Dead letters once more, for whoever wants to look at them or publish them again; a function reports them meanwhile.
resource "google_pubsub_subscription" "dead_letter_kept" {
  message_retention_duration = "604800s"
  name                       = "${var.prefix}dead-letter-kept"
  project                    = var.project_id
  topic                      = google_pubsub_topic.topics["dead-letter"].id

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_subscription" "result_readers" {
  for_each = var.result_readers

  message_retention_duration = "604800s"
  name                       = "${var.prefix}results-${each.key}"
  project                    = var.project_id
  topic                      = google_pubsub_topic.topics["results"].id

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_subscription_iam_member" "result_readers" {
  for_each = merge([
    for name, members in var.result_readers : {
      for member in members : "${name}/${member}" => { member = member, name = name }
    }
  ]...)

  member       = each.value.member
  project      = var.project_id
  role         = "roles/pubsub.subscriber"
  subscription = google_pubsub_subscription.result_readers[each.value.name].name
}

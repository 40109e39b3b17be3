# Subscriptions that people read. The subscriptions of functions are in host_cloud_run.tf and host_functions.tf.

# Keeps dead letters so that people can read or replay them. A function reports each of them as well.
resource "google_pubsub_subscription" "dead_letter_kept" {
  # Long enough to read them all before the first one is delivered again.
  ack_deadline_seconds       = 600
  message_retention_duration = "604800s"
  name                       = "${var.prefix}dead-letter-kept"
  project                    = var.project_id
  topic                      = google_pubsub_topic.topics["dead-letter"].id

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_subscription_iam_member" "operators" {
  for_each = var.operators

  member       = each.key
  project      = var.project_id
  role         = "roles/pubsub.subscriber"
  subscription = google_pubsub_subscription.dead_letter_kept.name
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

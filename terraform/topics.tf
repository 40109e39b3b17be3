locals {
  topics = toset(concat(
    ["results"],
    [for function in local.functions : function.topic],
    local.approval ? ["approvals"] : [],
  ))

  # Who publishes where: every function on the results, and on the topics of those it hands over to.
  publishers = merge([
    for name, function in local.functions : {
      for topic in concat(["results"], function.hands_over_to) : "${name}/${topic}" => {
        function = name
        topic    = topic
      }
    }
  ]...)
}

resource "google_pubsub_topic" "topics" {
  for_each = local.topics

  # A week in which a new subscription can still be sent back to what was published before it.
  message_retention_duration = each.key == "results" ? "604800s" : null
  name                       = "${var.prefix}${each.key}"
  project                    = var.project_id

  depends_on = [google_project_service.apis]
}

resource "google_pubsub_topic_iam_member" "functions" {
  for_each = local.publishers

  member  = google_service_account.functions[each.value.function].member
  project = var.project_id
  role    = "roles/pubsub.publisher"
  topic   = google_pubsub_topic.topics[each.value.topic].name
}

resource "google_pubsub_topic_iam_member" "requesters" {
  for_each = var.requesters

  member  = each.key
  project = var.project_id
  role    = "roles/pubsub.publisher"
  topic   = google_pubsub_topic.topics["onboarding-requests"].name
}

# Two different people is what two topics with two lists of publishers make of it.
resource "google_pubsub_topic_iam_member" "approvers" {
  for_each = local.approval ? var.approvers : []

  member  = each.key
  project = var.project_id
  role    = "roles/pubsub.publisher"
  topic   = google_pubsub_topic.topics["approvals"].name
}

# The log sinks of the key projects, see modules/key-project.
resource "google_pubsub_topic_iam_member" "key_changes" {
  for_each = local.scan ? var.key_change_writers : []

  member  = each.key
  project = var.project_id
  role    = "roles/pubsub.publisher"
  topic   = google_pubsub_topic.topics["key-changes"].name
}

resource "google_pubsub_topic_iam_member" "dead_letter" {
  member  = local.pubsub_agent
  project = var.project_id
  role    = "roles/pubsub.publisher"
  topic   = google_pubsub_topic.topics["dead-letter"].name

  depends_on = [google_project_service_identity.pubsub]
}

locals {
  topics = toset(concat(
    ["results"],
    [for function in local.functions : function.topic],
    local.approval ? ["approvals"] : [],
  ))

  # Who publishes where: every function on the results topic and on the topics of its next steps.
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

  # For a week, a new subscription can seek back to messages that were published before it was created.
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

# Two topics with separate publishers ensure that requester and approver are two different people.
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

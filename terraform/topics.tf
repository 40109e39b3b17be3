locals {
  topics = toset(concat(
    ["results"],
    [for function in local.functions : function.topic],
    local.approval ? ["approvals"] : [],
  ))

  # Who may publish where: each function on the results topic and on the topics of its next steps, and for what comes from
  # outside its sender. Operators may replay a dead letter and start a scan; the approvals are not theirs.
  publishers = {
    for topic in setsubtract(local.topics, ["onboarding-requests"]) : topic => concat(
      [for name, function in local.functions : local.members[name] if contains(concat(["results"], function.hands_over_to), topic)],
      topic == "approvals" ? tolist(var.approvers) : [],
      topic == "dead-letter" ? [local.pubsub_agent] : [],
      topic == "key-changes" ? tolist(var.key_change_writers) : [],
      topic == "scan" ? [local.scheduler_agent] : [],
      contains([for function in local.functions : function.topic], topic) && topic != "dead-letter" ? tolist(var.operators) : [],
    )
  }
}

resource "google_pubsub_topic" "topics" {
  for_each = local.topics

  kms_key_name = var.kms_key
  # For a week, a new subscription can seek back to messages that were published before it was created.
  message_retention_duration = each.key == "results" ? "604800s" : null
  name                       = "${var.prefix}${each.key}"
  project                    = var.project_id

  dynamic "message_storage_policy" {
    for_each = length(var.regions) > 0 ? [1] : []

    content {
      allowed_persistence_regions = var.regions
    }
  }

  depends_on = [google_project_service.apis]
}

# IAM separates the steps, and requesters from approvers. So these grants are authoritative: whoever else was
# granted to publish on such a topic loses it with the next apply. IAM has no binding without members, so that a topic without
# publishers has none.
resource "google_pubsub_topic_iam_binding" "publishers" {
  for_each = { for topic, members in local.publishers : topic => members if length(members) > 0 }

  members = each.value
  project = var.project_id
  role    = "roles/pubsub.publisher"
  topic   = google_pubsub_topic.topics[each.key].name

  depends_on = [google_project_service_identity.pubsub, google_project_service_identity.scheduler]
}

# Requests are untrusted whoever sends them, and teams may be let in elsewhere too. Operators replay a request that failed.
resource "google_pubsub_topic_iam_member" "requesters" {
  for_each = setunion(var.operators, var.requesters)

  member  = each.key
  project = var.project_id
  role    = "roles/pubsub.publisher"
  topic   = google_pubsub_topic.topics["onboarding-requests"].name
}

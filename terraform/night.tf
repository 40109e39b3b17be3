# An empty message starts the night. Attributes are the same every night, so none of them may be an id.
resource "google_cloud_scheduler_job" "night" {
  count = local.night ? 1 : 0

  description = "Has every registered key inspected"
  name        = "${var.prefix}night"
  project     = var.project_id
  region      = var.region
  schedule    = var.night_schedule
  time_zone   = var.night_time_zone

  pubsub_target {
    attributes = { trigger = "schedule" }
    topic_name = google_pubsub_topic.topics["night"].id
  }

  retry_config {
    retry_count = 5
  }
}

# An empty message starts the scan. Attributes are the same every night, so none of them may be an id.
resource "google_cloud_scheduler_job" "scan" {
  count = local.scan ? 1 : 0

  description = "Has every registered key inspected"
  name        = "${var.prefix}scan"
  project     = var.project_id
  region      = var.region
  schedule    = var.scan_schedule
  time_zone   = var.scan_time_zone

  pubsub_target {
    attributes = { trigger = "schedule" }
    topic_name = google_pubsub_topic.topics["scan"].id
  }

  retry_config {
    retry_count = 5
  }
}

# A message without data but with an attribute starts the scan: Pub/Sub refuses a message without both. The attribute is the
# same in each scan, so it must not be an id.
resource "google_cloud_scheduler_job" "scan" {
  count = local.scan ? 1 : 0

  description = "Starts a scan of every registered key"
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

  depends_on = [google_pubsub_topic_iam_binding.publishers]
}

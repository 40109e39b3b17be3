# Every result, kept permanently and queryable with SQL. Pub/Sub writes to BigQuery directly; no function is involved.

resource "google_bigquery_dataset" "history" {
  count = var.history ? 1 : 0

  dataset_id                 = replace("${var.prefix}history", "-", "_")
  delete_contents_on_destroy = false
  description                = "All messages published on ${var.prefix}results"
  location                   = var.region
  project                    = var.project_id

  dynamic "default_encryption_configuration" {
    for_each = var.kms_key == null ? [] : [1]

    content {
      kms_key_name = var.kms_key
    }
  }

  depends_on = [google_project_service.apis]
}

resource "google_bigquery_table" "results" {
  count = var.history ? 1 : 0

  dataset_id          = google_bigquery_dataset.history[0].dataset_id
  deletion_protection = true
  project             = var.project_id
  schema = jsonencode([
    { name = "subscription_name", type = "STRING", mode = "NULLABLE" },
    { name = "message_id", type = "STRING", mode = "NULLABLE" },
    { name = "publish_time", type = "TIMESTAMP", mode = "NULLABLE" },
    { name = "data", type = "JSON", mode = "NULLABLE" },
    { name = "attributes", type = "JSON", mode = "NULLABLE" },
  ])
  table_id = "results"

  time_partitioning {
    field = "publish_time"
    type  = "DAY"
  }
}

resource "google_bigquery_table_iam_member" "pubsub" {
  for_each = var.history ? toset(["roles/bigquery.dataEditor", "roles/bigquery.metadataViewer"]) : []

  dataset_id = google_bigquery_table.results[0].dataset_id
  member     = local.pubsub_agent
  project    = var.project_id
  role       = each.key
  table_id   = google_bigquery_table.results[0].table_id

  depends_on = [google_project_service_identity.pubsub]
}

resource "google_pubsub_subscription" "history" {
  count = var.history ? 1 : 0

  message_retention_duration = "604800s"
  name                       = "${var.prefix}results-history"
  project                    = var.project_id
  topic                      = google_pubsub_topic.topics["results"].id

  bigquery_config {
    table          = "${var.project_id}.${google_bigquery_table.results[0].dataset_id}.${google_bigquery_table.results[0].table_id}"
    write_metadata = true
  }

  expiration_policy {
    ttl = ""
  }

  depends_on = [google_bigquery_table_iam_member.pubsub]
}

# Every result, kept permanently and queryable with SQL. Pub/Sub writes to BigQuery directly; no function is involved. The views
# answer what people ask; a message that Pub/Sub delivered twice counts once, by its ce-id.

locals {
  # The newest result of each key. A registration that Anthropic no longer lists is not checked any more: it has no result of
  # the last two days and is left out.
  history_newest = <<-SQL
    SELECT * FROM (
      SELECT
        JSON_VALUE(data, '$.externalKeyId') AS external_key_id,
        JSON_VALUE(data, '$.checked.name') AS name,
        JSON_VALUE(data, '$.key') AS key,
        JSON_VALUE(data, '$.checked.project') AS project,
        JSON_VALUE(data, '$.status') AS status,
        JSON_VALUE(data, '$.reason') AS reason,
        JSON_VALUE(data, '$.actor') AS actor,
        JSON_VALUE(data, '$.checked.down') = 'true' AS down,
        JSON_VALUE(data, '$.checked.workspacesDown') AS workspaces_down,
        TIMESTAMP(JSON_VALUE(data, '$.checked.since')) AS since,
        TIMESTAMP(JSON_VALUE(data, '$.checked.downSince')) AS down_since,
        JSON_VALUE(data, '$.checked.firstCommand') AS first_command,
        JSON_VALUE(data, '$.checked.report') AS report,
        JSON_QUERY(data, '$.checked.labels') AS labels,
        JSON_QUERY(data, '$.checked.checks') AS checks,
        TIMESTAMP(JSON_VALUE(data, '$.occurredAt')) AS checked_at
      FROM results
      WHERE JSON_VALUE(data, '$.step') = 'scanKey'
        AND JSON_VALUE(data, '$.checked.since') IS NOT NULL
        AND publish_time > TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 48 HOUR)
    )
    WHERE TRUE
    QUALIFY ROW_NUMBER() OVER (PARTITION BY external_key_id ORDER BY checked_at DESC) = 1
  SQL

  # A message that was delivered twice counts once.
  history_once = "QUALIFY ROW_NUMBER() OVER (PARTITION BY JSON_VALUE(attributes, '$.ce-id') ORDER BY publish_time) = 1"

  history_changes = join(" UNION ALL ", flatten([
    for period in ["changes", "week"] : [
      for change in ["newlyUnhealthy", "worsened", "stillUnhealthy", "recovered", "added", "gone"] :
      "SELECT JSON_VALUE(run, '$.id') AS run, reported_at, '${period == "changes" ? "last scan" : "last week"}' AS since, '${change}' AS what, JSON_VALUE(id) AS external_key_id FROM scans, UNNEST(JSON_QUERY_ARRAY(run, '$.${period}.${change}')) AS id"
    ]
  ]))

  # One view per question, by its name.
  history_views = {
    down_now = {
      description = "Which workspaces are down now, why, since when, and who must act"
      query       = "SELECT workspaces_down, name, key, external_key_id, down_since, reason, actor, first_command, report, checked_at FROM (${local.history_newest}) WHERE down ORDER BY down_since"
    }
    unhealthy_now = {
      description = "Which keys are unhealthy or could not be checked, why, since when, and who must act"
      query       = "SELECT name, key, external_key_id, project, status, since, reason, actor, first_command, workspaces_down, report, checked_at FROM (${local.history_newest}) WHERE status IN ('UNHEALTHY', 'UNREACHABLE') ORDER BY since"
    }
    checked_healthy = {
      description = "What was checked on the healthy keys, and when"
      query       = "SELECT name, key, external_key_id, since, checked_at, checks FROM (${local.history_newest}) WHERE status = 'HEALTHY' ORDER BY name"
    }
    asked_and_agreed = {
      description = "What was asked for and what was agreed to: the Pub/Sub messages and their times. Pub/Sub does not record who published them"
      query       = <<-SQL
        SELECT
          JSON_VALUE(data, '$.requestId') AS request_id,
          JSON_VALUE(data, '$.status') AS status,
          JSON_VALUE(data, '$.key') AS key,
          JSON_VALUE(data, '$.workspaceId') AS workspace_id,
          JSON_VALUE(data, '$.messageId') AS message_id,
          TIMESTAMP(JSON_VALUE(data, '$.publishedAt')) AS published_at,
          COALESCE(JSON_VALUE(data, '$.approvalDigest'), JSON_VALUE(data, '$.approval.digest')) AS approval_digest,
          JSON_VALUE(data, '$.approvalDigest') IS NOT NULL AS agreed,
          TIMESTAMP(JSON_VALUE(data, '$.occurredAt')) AS occurred_at
        FROM results
        WHERE JSON_VALUE(attributes, '$.terminal') = 'true'
        ${local.history_once}
        ORDER BY occurred_at DESC
      SQL
    }
    changes = {
      description = "What each scan found different from the scan before, and from the one of a week ago: one row per key"
      query       = <<-SQL
        WITH scans AS (
          SELECT JSON_QUERY(data, '$.run') AS run, TIMESTAMP(JSON_VALUE(data, '$.occurredAt')) AS reported_at
          FROM results
          WHERE JSON_VALUE(data, '$.status') IN ('SCAN_COMPLETED', 'SCAN_INCOMPLETE')
          ${local.history_once}
        )
        ${local.history_changes}
      SQL
    }
    onboardings = {
      description = "Each onboarding by its outcome, and how long it took"
      query       = <<-SQL
        SELECT
          JSON_VALUE(data, '$.requestId') AS request_id,
          JSON_VALUE(data, '$.status') AS outcome,
          JSON_VALUE(data, '$.reason') AS reason,
          JSON_VALUE(data, '$.key') AS key,
          TIMESTAMP(JSON_VALUE(data, '$.publishedAt')) AS published_at,
          TIMESTAMP(JSON_VALUE(data, '$.occurredAt')) AS ended_at,
          TIMESTAMP_DIFF(TIMESTAMP(JSON_VALUE(data, '$.occurredAt')), TIMESTAMP(JSON_VALUE(data, '$.publishedAt')), MILLISECOND) AS millis
        FROM results
        WHERE JSON_VALUE(attributes, '$.terminal') = 'true'
        ${local.history_once}
      SQL
    }
    step_times = {
      description = "How long each step of each onboarding took"
      query       = <<-SQL
        SELECT
          request_id,
          JSON_VALUE(step, '$.step') AS step,
          JSON_VALUE(step, '$.outcome') AS outcome,
          TIMESTAMP(JSON_VALUE(step, '$.at')) AS at,
          CAST(JSON_VALUE(step, '$.millis') AS INT64) AS millis
        FROM (
          SELECT JSON_VALUE(data, '$.requestId') AS request_id, JSON_QUERY(data, '$.steps') AS steps
          FROM results
          WHERE JSON_VALUE(attributes, '$.terminal') = 'true'
          ${local.history_once}
        ), UNNEST(JSON_QUERY_ARRAY(steps)) AS step
      SQL
    }
    keys_by_state = {
      description = "How many keys had which state at each scan"
      query       = <<-SQL
        SELECT
          JSON_VALUE(data, '$.run.id') AS run,
          TIMESTAMP(JSON_VALUE(data, '$.occurredAt')) AS reported_at,
          JSON_VALUE(data, '$.status') AS status,
          ${join(", ", [for state in ["UNHEALTHY", "UNREACHABLE", "REVOKED", "UNUSED", "HEALTHY"] : "CAST(JSON_VALUE(data, '$.run.counts.${state}') AS INT64) AS ${lower(state)}"])}
        FROM results
        WHERE JSON_VALUE(data, '$.status') IN ('SCAN_COMPLETED', 'SCAN_INCOMPLETE')
        ${local.history_once}
      SQL
    }
  }
}

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

resource "google_bigquery_table" "views" {
  for_each = var.history ? local.history_views : {}

  dataset_id          = google_bigquery_dataset.history[0].dataset_id
  deletion_protection = false
  description         = each.value.description
  project             = var.project_id
  table_id            = each.key

  view {
    query          = replace(each.value.query, "/\\bFROM results\\b/", "FROM `${var.project_id}.${google_bigquery_table.results[0].dataset_id}.${google_bigquery_table.results[0].table_id}`")
    use_legacy_sql = false
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

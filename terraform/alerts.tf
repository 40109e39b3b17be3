# The alerts, each with a runbook. Without notification_channels they are only shown in Google Cloud's console.

locals {
  metric_prefix = "resource.type = \"cloud_run_revision\" AND metric.type = \"logging.googleapis.com/user"

  # Alerts on a count above zero: one row each.
  count_alerts = merge(
    {
      dead_letter = {
        display_name = "A step failed after all retries: dead letter"
        filter       = "resource.type = \"pubsub_subscription\" AND metric.type = \"pubsub.googleapis.com/subscription/dead_letter_message_count\""
        group_by     = ["resource.label.subscription_id"]
        severity     = "ERROR"
      }
      destruction_scheduled = {
        display_name = "Key material is scheduled for destruction"
        filter       = "${local.metric_prefix}/${google_logging_metric.destruction_scheduled.name}\""
        group_by     = ["metric.label.key"]
        severity     = "CRITICAL"
      }
    },
    local.scan ? {
      key_unhealthy = {
        display_name = "A key is unhealthy"
        filter       = "${local.metric_prefix}/${google_logging_metric.results.name}\" AND metric.label.status = \"UNHEALTHY\""
        group_by     = ["metric.label.reason"]
        severity     = "ERROR"
      }
      key_unreachable = {
        display_name = "A key could not be checked"
        filter       = "${local.metric_prefix}/${google_logging_metric.results.name}\" AND metric.label.status = \"UNREACHABLE\""
        group_by     = ["metric.label.reason"]
        severity     = "WARNING"
      }
      scan_incomplete = {
        display_name = "The scan is incomplete"
        filter       = "${local.metric_prefix}/${google_logging_metric.results.name}\" AND metric.label.status = \"SCAN_INCOMPLETE\""
        group_by     = []
        severity     = "ERROR"
      }
    } : {},
  )
}

resource "google_monitoring_alert_policy" "counts" {
  for_each = local.count_alerts

  combiner              = "OR"
  display_name          = "${var.prefix}${replace(each.key, "_", "-")}: ${each.value.display_name}"
  notification_channels = var.notification_channels
  project               = var.project_id
  severity              = each.value.severity

  alert_strategy {
    auto_close = "86400s"
  }

  conditions {
    display_name = each.value.display_name

    condition_threshold {
      comparison      = "COMPARISON_GT"
      duration        = "0s"
      filter          = each.value.filter
      threshold_value = 0

      aggregations {
        alignment_period     = "300s"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = each.value.group_by
        per_series_aligner   = "ALIGN_DELTA"
      }
    }
  }

  documentation {
    content   = templatefile("${path.module}/runbooks/${each.key}.md", { prefix = var.prefix, project = var.project_id })
    mime_type = "text/markdown"
  }
}

# A condition on absence needs a first data point and ends after 23.5 hours. This one counts, and treats missing data as
# zero. The grace period of an hour allows one scan to be slower than the one before.
resource "google_monitoring_alert_policy" "scan_missing" {
  count = local.scan ? 1 : 0

  combiner              = "OR"
  display_name          = "${var.prefix}scan-missing: No scan has finished for a day"
  notification_channels = var.notification_channels
  project               = var.project_id
  severity              = "CRITICAL"

  conditions {
    display_name = "No scan has finished for a day"

    condition_prometheus_query_language {
      duration            = "3600s"
      evaluation_interval = "300s"
      query               = "(sum(increase(${replace("logging_googleapis_com:user_${google_logging_metric.results.name}", "-", "_")}{monitored_resource=\"cloud_run_revision\",status=~\"SCAN_COMPLETED|SCAN_INCOMPLETE\"}[24h])) or vector(0)) < 1"

      disable_metric_validation = true
    }
  }

  documentation {
    content   = templatefile("${path.module}/runbooks/scan_missing.md", { prefix = var.prefix, project = var.project_id })
    mime_type = "text/markdown"
  }
}

# The subscriptions that Eventarc owns keep a message for a day, so the alert is raised after half a day. The subscription
# of kept dead letters is excluded: its messages wait there on purpose.
resource "google_monitoring_alert_policy" "backlog" {
  combiner              = "OR"
  display_name          = "${var.prefix}backlog: A message has waited for half a day"
  notification_channels = var.notification_channels
  project               = var.project_id
  severity              = "ERROR"

  conditions {
    display_name = "A message has waited for half a day"

    condition_threshold {
      comparison      = "COMPARISON_GT"
      duration        = "300s"
      filter          = "resource.type = \"pubsub_subscription\" AND resource.label.subscription_id = monitoring.regex.full_match(\"(eventarc-.*${var.prefix}.*|${var.prefix}.*)\") AND resource.label.subscription_id != \"${google_pubsub_subscription.dead_letter_kept.name}\" AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      threshold_value = 12 * 60 * 60

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content   = templatefile("${path.module}/runbooks/backlog.md", { prefix = var.prefix, project = var.project_id })
    mime_type = "text/markdown"
  }
}

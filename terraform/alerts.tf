# The alerts, each with a runbook. Without notification_channels they are only shown in Google Cloud's console.

locals {
  metric_prefix = "resource.type = \"cloud_run_revision\" AND metric.type = \"logging.googleapis.com/user"

  # Alerts on a result in the log: one row each. They do not depend on a metric, because Monitoring refuses a condition on a
  # metric for up to ten minutes after the metric was created.
  result_alerts = merge(
    {
      # An unhealthy key has one worst reason and any number of further findings. A scheduled destruction must be found in
      # all of them, except where it changes no status: then it is a notice among the warnings.
      destruction_scheduled = {
        display_name = "Key material is scheduled for destruction"
        filter       = "(${join(" OR ", [for field in ["reason", "findings.reason"] : "jsonPayload.result.${field}=(\"KEY_VERSION_DESTROY_SCHEDULED\" OR \"KEY_VERSION_DESTROYED\")"])})"
        severity     = "CRITICAL"
      }
    },
    local.scan ? {
      key_unhealthy = {
        display_name = "A key is unhealthy"
        filter       = "jsonPayload.result.status=\"UNHEALTHY\""
        severity     = "ERROR"
      }
      key_unreachable = {
        display_name = "A key could not be checked"
        filter       = "jsonPayload.result.status=\"UNREACHABLE\""
        severity     = "WARNING"
      }
      scan_incomplete = {
        display_name = "The scan is incomplete"
        filter       = "jsonPayload.result.status=\"SCAN_INCOMPLETE\""
        severity     = "ERROR"
      }
    } : {},
  )

  # The alerts about one key also go to the team that owns it, by the key's project or by its labels in Cloud KMS.
  team_alerts = merge([
    for team, route in var.alert_teams : {
      for name, alert in local.result_alerts : "${team}/${name}" => merge(alert, {
        channels = route.notification_channels
        name     = name
        team     = team
        filter = "${alert.filter} AND (${join(" OR ", concat(
          length(route.projects) == 0 ? [] : ["jsonPayload.result.key=~\"^projects/(${join("|", route.projects)})/\""],
          [for label, value in route.labels : "jsonPayload.result.checked.labels.\"${label}\"=\"${value}\""],
        ))})"
      }) if name != "scan_incomplete"
    }
  ]...)

  # What a notification says of a key, from the result in the log.
  alert_labels = {
    actor      = "EXTRACT(jsonPayload.result.actor)"
    command    = "EXTRACT(jsonPayload.result.checked.firstCommand)"
    key        = "EXTRACT(jsonPayload.result.key)"
    name       = "EXTRACT(jsonPayload.result.checked.name)"
    reason     = "EXTRACT(jsonPayload.result.reason)"
    report     = "EXTRACT(jsonPayload.result.checked.report)"
    since      = "EXTRACT(jsonPayload.result.checked.since)"
    workspaces = "EXTRACT(jsonPayload.result.checked.workspacesDown)"
  }
  alert_text = <<-EOT
    **Key:** $${log.extracted_label.name} ($${log.extracted_label.key})
    **Cause:** $${log.extracted_label.reason}, since $${log.extracted_label.since}
    **Workspaces that are down:** $${log.extracted_label.workspaces}
    **Who must act:** $${log.extracted_label.actor}
    **First command:** `$${log.extracted_label.command}`
    **Report:** $${log.extracted_label.report}

  EOT

  # The subscriptions of this deployment, as a regular expression. Eventarc names its own after the region and the trigger,
  # which has the name of the function and a number. The subscription of kept dead letters is not one of them: its messages
  # wait there on purpose.
  subscription_names = concat(
    distinct([for delivery in values(local.deliveries) : delivery.subscription]),
    [for name in keys(var.result_readers) : "${var.prefix}results-${name}"],
    var.history ? ["${var.prefix}results-history"] : [],
  )
  own_subscriptions = join("|", concat(
    local.subscription_names,
    var.host == "functions" ? ["eventarc-${var.region}-(${join("|", distinct([for delivery in values(local.deliveries) : delivery.subscription]))})-.*"] : [],
  ))
  subscription_filter = "resource.type = \"pubsub_subscription\" AND resource.label.subscription_id = monitoring.regex.full_match(\"${local.own_subscriptions}\")"
}

resource "google_monitoring_alert_policy" "results" {
  for_each = local.result_alerts

  combiner              = "OR"
  display_name          = "${var.prefix}${replace(each.key, "_", "-")}: ${each.value.display_name}"
  notification_channels = var.notification_channels
  project               = var.project_id
  severity              = each.value.severity
  user_labels           = var.labels

  alert_strategy {
    auto_close = "86400s"

    # A scan reports many keys at once.
    notification_rate_limit {
      period = "300s"
    }
  }

  conditions {
    display_name = each.value.display_name

    condition_matched_log {
      filter           = "${local.results_filter} AND ${each.value.filter}"
      label_extractors = local.alert_labels
    }
  }

  documentation {
    content   = "${each.key == "scan_incomplete" ? "" : local.alert_text}${templatefile("${path.module}/runbooks/${each.key}.md", { prefix = var.prefix, project = var.project_id })}"
    mime_type = "text/markdown"
  }

  depends_on = [google_project_service.apis]
}

# The same for one team's keys, on the team's own channels.
resource "google_monitoring_alert_policy" "teams" {
  for_each = local.team_alerts

  combiner              = "OR"
  display_name          = "${var.prefix}${each.value.team}-${replace(each.value.name, "_", "-")}: ${each.value.display_name}"
  notification_channels = each.value.channels
  project               = var.project_id
  severity              = each.value.severity
  user_labels           = { team = each.value.team }

  alert_strategy {
    auto_close = "86400s"

    notification_rate_limit {
      period = "300s"
    }
  }

  conditions {
    display_name = each.value.display_name

    condition_matched_log {
      filter           = "${local.results_filter} AND ${each.value.filter}"
      label_extractors = local.alert_labels
    }
  }

  documentation {
    content   = "${local.alert_text}${templatefile("${path.module}/runbooks/${each.value.name}.md", { prefix = var.prefix, project = var.project_id })}"
    mime_type = "text/markdown"
  }

  depends_on = [google_project_service.apis]
}

resource "google_monitoring_alert_policy" "dead_letter" {
  combiner              = "OR"
  display_name          = "${var.prefix}dead-letter: A step failed after all retries: dead letter"
  notification_channels = var.notification_channels
  project               = var.project_id
  severity              = "ERROR"
  user_labels           = var.labels

  alert_strategy {
    auto_close = "86400s"
  }

  conditions {
    display_name = "A step failed after all retries: dead letter"

    condition_threshold {
      comparison      = "COMPARISON_GT"
      duration        = "0s"
      filter          = "${local.subscription_filter} AND metric.type = \"pubsub.googleapis.com/subscription/dead_letter_message_count\""
      threshold_value = 0

      aggregations {
        alignment_period     = "300s"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = ["resource.label.subscription_id"]
        per_series_aligner   = "ALIGN_DELTA"
      }
    }
  }

  documentation {
    content   = templatefile("${path.module}/runbooks/dead_letter.md", { prefix = var.prefix, project = var.project_id })
    mime_type = "text/markdown"
  }

  depends_on = [google_project_service.apis]
}

# A condition on absence needs a first data point and ends after 23.5 hours. This one counts, and treats missing data as
# zero. The grace period of three hours allows one scan to be an hour later than the one before because the clocks are
# changed, and to take its hour. Only a schedule of every day can be missed within a day.
resource "google_monitoring_alert_policy" "scan_missing" {
  count = local.daily_scan ? 1 : 0

  combiner              = "OR"
  display_name          = "${var.prefix}scan-missing: No scan has finished for a day"
  notification_channels = var.notification_channels
  project               = var.project_id
  severity              = "CRITICAL"
  user_labels           = var.labels

  conditions {
    display_name = "No scan has finished for a day"

    condition_prometheus_query_language {
      duration            = "10800s"
      evaluation_interval = "300s"
      query               = "(sum(increase(${replace("logging_googleapis_com:user_${google_logging_metric.results.name}", "-", "_")}{monitored_resource=\"cloud_run_revision\",status=~\"SCAN_COMPLETED|SCAN_INCOMPLETE\"}[24h])) or vector(0)) < 1"

      disable_metric_validation = true
    }
  }

  documentation {
    content   = templatefile("${path.module}/runbooks/scan_missing.md", { prefix = var.prefix, project = var.project_id })
    mime_type = "text/markdown"
  }

  depends_on = [google_project_service.apis]
}

# The subscriptions that Eventarc owns keep a message for a day, so the alert is raised after half a day.
resource "google_monitoring_alert_policy" "backlog" {
  combiner              = "OR"
  display_name          = "${var.prefix}backlog: A message has waited for half a day"
  notification_channels = var.notification_channels
  project               = var.project_id
  severity              = "ERROR"
  user_labels           = var.labels

  conditions {
    display_name = "A message has waited for half a day"

    condition_threshold {
      comparison      = "COMPARISON_GT"
      duration        = "300s"
      filter          = "${local.subscription_filter} AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
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

  depends_on = [google_project_service.apis]
}

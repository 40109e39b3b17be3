locals {
  # One entry per chart: its title, what it shows, and the labels that split it.
  charts = [
    {
      title    = "Onboardings by outcome"
      filter   = "${local.metric_prefix}/${google_logging_metric.results.name}\" AND metric.label.status = monitoring.regex.full_match(\"PLANNED|VALIDATED|AWAITING_APPROVAL|ATTACHED|REFUSED|FAILED\")"
      group_by = ["metric.label.status"]
      aligner  = "ALIGN_DELTA"
      reducer  = "REDUCE_SUM"
      period   = "3600s"
      type     = "STACKED_BAR"
    },
    {
      title    = "Refusals and failures by reason"
      filter   = "${local.metric_prefix}/${google_logging_metric.results.name}\" AND metric.label.status = monitoring.regex.full_match(\"REFUSED|FAILED\")"
      group_by = ["metric.label.reason"]
      aligner  = "ALIGN_DELTA"
      reducer  = "REDUCE_SUM"
      period   = "3600s"
      type     = "STACKED_BAR"
    },
    {
      title    = "Time per step (95th percentile)"
      filter   = "resource.type = \"cloud_run_revision\" AND resource.label.service_name = starts_with(\"${var.prefix}\") AND metric.type = \"run.googleapis.com/request_latencies\""
      group_by = ["resource.label.service_name"]
      aligner  = "ALIGN_DELTA"
      reducer  = "REDUCE_PERCENTILE_95"
      period   = "300s"
      type     = "LINE"
    },
    {
      title    = "Keys by state"
      filter   = "${local.metric_prefix}/${google_logging_metric.results.name}\" AND metric.label.status = monitoring.regex.full_match(\"HEALTHY|UNHEALTHY|UNREACHABLE|REVOKED|UNUSED\")"
      group_by = ["metric.label.status"]
      aligner  = "ALIGN_DELTA"
      reducer  = "REDUCE_SUM"
      period   = "86400s"
      type     = "STACKED_BAR"
    },
    {
      title    = "Oldest unacknowledged message"
      filter   = "${local.subscription_filter} AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      group_by = ["resource.label.subscription_id"]
      aligner  = "ALIGN_MAX"
      reducer  = "REDUCE_MAX"
      period   = "60s"
      type     = "LINE"
    },
    {
      title    = "Dead letters"
      filter   = "${local.subscription_filter} AND metric.type = \"pubsub.googleapis.com/subscription/dead_letter_message_count\""
      group_by = ["resource.label.subscription_id"]
      aligner  = "ALIGN_DELTA"
      reducer  = "REDUCE_SUM"
      period   = "3600s"
      type     = "STACKED_BAR"
    },
  ]
}

resource "google_monitoring_dashboard" "this" {
  project = var.project_id

  dashboard_json = jsonencode({
    displayName = "${var.prefix}onboarding"
    mosaicLayout = {
      columns = 12
      tiles = [
        # Monitoring returns a dashboard without the fields that are zero or empty. Were they written here, every plan would
        # show a change.
        for index, chart in local.charts : merge({ for field, value in { xPos = 6 * (index % 2), yPos = 4 * floor(index / 2) } : field => value if value > 0 }, {
          height = 4
          width  = 6
          widget = {
            title = chart.title
            xyChart = {
              dataSets = [{
                minAlignmentPeriod = chart.period
                plotType           = chart.type
                targetAxis         = "Y1"
                timeSeriesQuery = {
                  timeSeriesFilter = {
                    filter = chart.filter
                    aggregation = {
                      alignmentPeriod    = chart.period
                      crossSeriesReducer = chart.reducer
                      groupByFields      = chart.group_by
                      perSeriesAligner   = chart.aligner
                    }
                  }
                }
              }]
            }
          }
        })
      ]
    }
  })

  depends_on = [google_project_service.apis]
}

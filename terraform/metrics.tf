# The service logs every result as one JSON line; the README explains its values. Both hosts log as Cloud Run revisions.

locals {
  results_filter = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=~\"^${var.prefix}\" AND jsonPayload.result.status:*"
}

resource "google_logging_metric" "results" {
  description = "Results by status, reason and step. A redelivered message may be counted twice"
  filter      = local.results_filter
  label_extractors = {
    reason = "EXTRACT(jsonPayload.result.reason)"
    status = "EXTRACT(jsonPayload.result.status)"
    step   = "EXTRACT(jsonPayload.result.step)"
  }
  name    = "${var.prefix}results"
  project = var.project_id

  metric_descriptor {
    display_name = "Results"
    metric_kind  = "DELTA"
    unit         = "1"
    value_type   = "INT64"

    labels {
      description = "Reason, if something is wrong"
      key         = "reason"
      value_type  = "STRING"
    }
    labels {
      description = "Status of the result"
      key         = "status"
      value_type  = "STRING"
    }
    labels {
      description = "Function that published the result"
      key         = "step"
      value_type  = "STRING"
    }
  }

  depends_on = [google_project_service.apis]
}

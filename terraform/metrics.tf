# The service writes every result as one JSON line; see the README for its words. Both hosts log as Cloud Run revisions.

locals {
  results_filter = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=~\"^${var.prefix}\" AND jsonPayload.result.status:*"
}

resource "google_logging_metric" "results" {
  description = "Results by status, reason and step. A redelivered message may count twice"
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
      description = "Why, where something is wrong"
      key         = "reason"
      value_type  = "STRING"
    }
    labels {
      description = "What became of it"
      key         = "status"
      value_type  = "STRING"
    }
    labels {
      description = "The function that speaks"
      key         = "step"
      value_type  = "STRING"
    }
  }

  depends_on = [google_project_service.apis]
}

# An unhealthy key has one worst reason and any number of further findings; a destruction must not hide behind another.
resource "google_logging_metric" "destruction_scheduled" {
  description = "Results in which a destruction of key material is scheduled or done, whatever else they say"
  filter      = "${local.results_filter} AND (${join(" OR ", [for reason in ["KEY_VERSION_DESTROY_SCHEDULED", "KEY_VERSION_DESTROYED"] : "\"${reason}\""])})"
  label_extractors = {
    key = "EXTRACT(jsonPayload.result.key)"
  }
  name    = "${var.prefix}destruction-scheduled"
  project = var.project_id

  metric_descriptor {
    display_name = "Destruction scheduled"
    metric_kind  = "DELTA"
    unit         = "1"
    value_type   = "INT64"

    labels {
      description = "Full resource name of the key"
      key         = "key"
      value_type  = "STRING"
    }
  }

  depends_on = [google_project_service.apis]
}

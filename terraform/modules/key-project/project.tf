# In a new project only the API that enables others is enabled. Roles need IAM, grants and the audit configuration Resource
# Manager, the log sink Logging, and the alert Monitoring.
resource "google_project_service" "apis" {
  for_each = toset([
    "cloudkms.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "iam.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
  ])

  disable_on_destroy = false
  project            = var.project_id
  service            = each.key
}

# An API is not available everywhere as soon as it is enabled. The wait happens once.
resource "time_sleep" "apis" {
  create_duration = "60s"
  triggers        = { apis = join(" ", sort(keys(google_project_service.apis))) }

  depends_on = [google_project_service.apis]
}

resource "google_project_iam_audit_config" "kms" {
  count = var.audit_logs ? 1 : 0

  project = var.project_id
  service = "cloudkms.googleapis.com"

  audit_log_config {
    log_type = "DATA_READ"
  }

  audit_log_config {
    log_type = "DATA_WRITE"
  }

  depends_on = [time_sleep.apis]
}

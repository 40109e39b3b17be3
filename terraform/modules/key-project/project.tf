resource "google_project_service" "kms" {
  disable_on_destroy = false
  project            = var.project_id
  service            = "cloudkms.googleapis.com"
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
}

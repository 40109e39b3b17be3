locals {
  apis = toset(concat(
    [
      "artifactregistry.googleapis.com",
      "cloudkms.googleapis.com",
      "cloudresourcemanager.googleapis.com",
      "iam.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "orgpolicy.googleapis.com",
      "pubsub.googleapis.com",
      "run.googleapis.com",
      "serviceusage.googleapis.com",
    ],
    var.federation == null ? ["secretmanager.googleapis.com"] : [],
    var.history ? ["bigquery.googleapis.com"] : [],
    var.host == "functions" ? [
      "cloudbuild.googleapis.com",
      "cloudfunctions.googleapis.com",
      "eventarc.googleapis.com",
      "storage.googleapis.com",
    ] : [],
    local.evidence ? ["storage.googleapis.com"] : [],
    local.scan ? ["cloudscheduler.googleapis.com"] : [],
  ))
}

# Cloud KMS, Service Usage, Resource Manager, Org Policy and IAM are called for other projects. Google still counts the calls
# against the caller's project and refuses them if the API is not enabled there.
resource "google_project_service" "apis" {
  for_each = local.apis

  disable_on_destroy = false
  project            = var.project_id
  service            = each.key
}

# Pub/Sub's service agent forwards dead letters, signs the tokens of pushes and writes the history.
resource "google_project_service_identity" "pubsub" {
  provider = google-beta

  project = var.project_id
  service = google_project_service.apis["pubsub.googleapis.com"].service
}

locals {
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

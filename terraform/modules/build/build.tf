# What Cloud Build needs to build the service's artifacts: an account that does nothing else, a bucket for the uploaded
# sources, a bucket for the functions' archives and a repository for the containers.

resource "google_project_service" "apis" {
  for_each = toset([
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "iam.googleapis.com",
    "logging.googleapis.com",
    "storage.googleapis.com",
  ])

  disable_on_destroy = false
  project            = var.project_id
  service            = each.key
}

# Since 2024 Cloud Build's default account in a new project is Compute Engine's, which has no roles where the organization
# forbids automatic grants, and is an editor of the project elsewhere.
resource "google_service_account" "artifacts" {
  account_id   = "${var.prefix}artifacts"
  description  = "Builds the service's artifacts in Cloud Build and does nothing else"
  display_name = "${var.prefix}artifacts"
  project      = var.project_id

  depends_on = [google_project_service.apis]
}

resource "google_project_iam_member" "logs" {
  member  = google_service_account.artifacts.member
  project = var.project_id
  role    = "roles/logging.logWriter"
}

# gcloud builds submit uploads the sources, and the build reads them.
resource "google_storage_bucket" "sources" {
  force_destroy               = true
  labels                      = var.labels
  location                    = var.region
  name                        = "${var.project_id}-${var.prefix}build-sources"
  project                     = var.project_id
  public_access_prevention    = "enforced"
  uniform_bucket_level_access = true

  dynamic "encryption" {
    for_each = var.kms_key == null ? [] : [1]

    content {
      default_kms_key_name = var.kms_key
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 30
    }
  }

  depends_on = [google_project_service.apis]
}

resource "google_storage_bucket_iam_member" "sources" {
  bucket = google_storage_bucket.sources.name
  member = google_service_account.artifacts.member
  role   = "roles/storage.objectViewer"
}

resource "google_storage_bucket" "builds" {
  force_destroy               = false
  labels                      = var.labels
  location                    = var.region
  name                        = "${var.project_id}-${var.prefix}builds"
  project                     = var.project_id
  public_access_prevention    = "enforced"
  uniform_bucket_level_access = true

  dynamic "encryption" {
    for_each = var.kms_key == null ? [] : [1]

    content {
      default_kms_key_name = var.kms_key
    }
  }

  depends_on = [google_project_service.apis]
}

# The account may add an archive but not replace one: the functions are deployed from it by name.
resource "google_storage_bucket_iam_member" "builds" {
  for_each = toset(["roles/storage.objectCreator", "roles/storage.objectViewer"])

  bucket = google_storage_bucket.builds.name
  member = google_service_account.artifacts.member
  role   = each.key
}

resource "google_artifact_registry_repository" "containers" {
  description   = "Containers of the native service"
  format        = "DOCKER"
  kms_key_name  = var.kms_key
  labels        = var.labels
  location      = var.region
  project       = var.project_id
  repository_id = trimsuffix(var.prefix, "-")

  depends_on = [google_project_service.apis]
}

resource "google_artifact_registry_repository_iam_member" "containers" {
  location   = var.region
  member     = google_service_account.artifacts.member
  project    = var.project_id
  repository = google_artifact_registry_repository.containers.repository_id
  role       = "roles/artifactregistry.writer"
}

resource "google_service_account_iam_member" "builders" {
  for_each = var.builders

  member             = each.key
  role               = "roles/iam.serviceAccountUser"
  service_account_id = google_service_account.artifacts.name
}

# gcloud looks for the object before it uploads it.
resource "google_storage_bucket_iam_member" "builders" {
  for_each = {
    for grant in setproduct(var.builders, ["roles/storage.legacyBucketReader", "roles/storage.objectUser"]) :
    "${grant[0]}/${grant[1]}" => { member = grant[0], role = grant[1] }
  }

  bucket = google_storage_bucket.sources.name
  member = each.value.member
  role   = each.value.role
}

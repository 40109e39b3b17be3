output "account" {
  description = "Email of the account under which Cloud Build builds the artifacts."
  value       = google_service_account.artifacts.email
}

output "builds_bucket" {
  description = "Bucket of the functions' archives: _BUCKET in deployment/cloudbuild-functions.yaml, and functions_archive.bucket of the service."
  value       = google_storage_bucket.builds.name
}

output "repository" {
  description = "Repository of the containers, without the name of an image."
  value       = "${var.region}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.containers.repository_id}"
}

output "repository_id" {
  description = "Full name of the repository: the service's variable repository, where Cloud Run functions builds the containers."
  value       = google_artifact_registry_repository.containers.id
}

output "staging_directory" {
  description = "Where gcloud builds submit uploads the sources: --gcs-source-staging-dir."
  value       = "gs://${google_storage_bucket.sources.name}/source"
}

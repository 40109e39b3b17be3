mock_provider "google" {
  mock_resource "google_service_account" {
    defaults = {
      email  = "cmek-artifacts@acme-cmek.iam.gserviceaccount.com"
      member = "serviceAccount:cmek-artifacts@acme-cmek.iam.gserviceaccount.com"
      name   = "projects/acme-cmek/serviceAccounts/cmek-artifacts@acme-cmek.iam.gserviceaccount.com"
    }
  }
}

variables {
  project_id = "acme-cmek"
}

run "the_account_has_the_name_in_the_build_files" {
  assert {
    condition     = google_service_account.artifacts.account_id == "cmek-artifacts" && alltrue([for file in ["functions", "cloud-run"] : strcontains(file("${path.module}/../../../deployment/cloudbuild-${file}.yaml"), "_ACCOUNT: ${google_service_account.artifacts.account_id}\n")])
    error_message = "a build file names another account"
  }

  assert {
    condition     = alltrue([for file in ["functions", "cloud-run"] : strcontains(file("${path.module}/../../../deployment/cloudbuild-${file}.yaml"), "machineType: ") && strcontains(file("${path.module}/../../../deployment/cloudbuild-${file}.yaml"), "logging: CLOUD_LOGGING_ONLY")])
    error_message = "a build runs on the smallest machine, or logs where its account may not write"
  }
}

run "the_account_may_build_and_nothing_else" {
  assert {
    condition     = google_project_iam_member.logs.role == "roles/logging.logWriter" && google_project_iam_member.logs.member == "serviceAccount:cmek-artifacts@acme-cmek.iam.gserviceaccount.com"
    error_message = "the account may not write logs"
  }

  assert {
    condition     = google_storage_bucket_iam_member.sources.role == "roles/storage.objectViewer" && google_storage_bucket_iam_member.sources.bucket == "acme-cmek-cmek-build-sources"
    error_message = "the account cannot read the sources, or may change them"
  }

  assert {
    condition     = toset(keys(google_storage_bucket_iam_member.builds)) == toset(["roles/storage.objectCreator", "roles/storage.objectViewer"]) && alltrue([for grant in google_storage_bucket_iam_member.builds : grant.bucket == "acme-cmek-cmek-builds"])
    error_message = "the account cannot write archives, or may replace them"
  }

  assert {
    condition     = google_artifact_registry_repository_iam_member.containers.role == "roles/artifactregistry.writer" && google_artifact_registry_repository_iam_member.containers.repository == "cmek"
    error_message = "the account cannot push containers"
  }

  assert {
    condition     = google_storage_bucket.sources.public_access_prevention == "enforced" && google_storage_bucket.builds.public_access_prevention == "enforced" && !google_storage_bucket.builds.force_destroy
    error_message = "a bucket can be made public, or archives are deleted by an uninstall"
  }
}

run "nobody_is_a_builder_by_default" {
  command = plan

  assert {
    condition     = length(google_service_account_iam_member.builders) == 0 && length(google_storage_bucket_iam_member.builders) == 0
    error_message = "somebody may build who is not listed"
  }
}

run "a_builder_may_use_the_account_and_upload_sources" {
  variables {
    builders = ["group:developers@example.com"]
  }

  assert {
    condition     = google_service_account_iam_member.builders["group:developers@example.com"].role == "roles/iam.serviceAccountUser"
    error_message = "a builder may not use the account"
  }

  assert {
    condition     = alltrue([for grant in google_storage_bucket_iam_member.builders : grant.bucket == "acme-cmek-cmek-build-sources"]) && length(google_storage_bucket_iam_member.builders) == 2
    error_message = "a builder may write elsewhere, or cannot upload sources"
  }
}

run "everybody_as_builder_is_refused" {
  command         = plan
  expect_failures = [var.builders]

  variables {
    builders = ["allUsers"]
  }
}

run "a_project_number_is_refused" {
  command         = plan
  expect_failures = [var.project_id]

  variables {
    project_id = "123456789012"
  }
}

run "a_prefix_without_its_dash_is_refused" {
  command         = plan
  expect_failures = [var.prefix]

  variables {
    prefix = "cmek"
  }
}

run "a_zone_in_place_of_a_region_is_refused" {
  command         = plan
  expect_failures = [var.region]

  variables {
    region = "us-central1-a"
  }
}

run "everything_is_encrypted_with_the_key_and_has_labels" {
  command = plan

  variables {
    kms_key = "projects/acme-keys/locations/us-central1/keyRings/services/cryptoKeys/cmek"
    labels  = { cost-center = "4711" }
  }

  assert {
    condition     = alltrue([for bucket in [google_storage_bucket.builds, google_storage_bucket.sources] : bucket.encryption[0].default_kms_key_name == var.kms_key && bucket.labels == tomap(var.labels)])
    error_message = "a bucket is encrypted with a key of Google's, or has no labels"
  }

  assert {
    condition     = google_artifact_registry_repository.containers.kms_key_name == var.kms_key && google_artifact_registry_repository.containers.labels == tomap(var.labels)
    error_message = "the repository is encrypted with a key of Google's, or has no labels"
  }
}

run "a_key_in_another_region_is_refused" {
  command         = plan
  expect_failures = [var.kms_key]

  variables {
    kms_key = "projects/acme-keys/locations/us/keyRings/services/cryptoKeys/cmek"
  }
}

run "labels_in_capitals_are_refused" {
  command         = plan
  expect_failures = [var.labels]

  variables {
    labels = { App = "cmek" }
  }
}

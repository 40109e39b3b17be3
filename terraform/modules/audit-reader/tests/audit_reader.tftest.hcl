mock_provider "google" {}

variables {
  google_organization_id = "123456789012"
  service_accounts = {
    checkPrerequisites = "cmek-check-prerequisites@acme-cmek.iam.gserviceaccount.com"
    grantAccess        = "cmek-grant-access@acme-cmek.iam.gserviceaccount.com"
  }
}

run "one_account_may_read_and_nothing_else" {
  command = plan

  assert {
    condition     = output.permissions == toset(["resourcemanager.folders.get", "resourcemanager.folders.getIamPolicy", "resourcemanager.organizations.getIamPolicy"])
    error_message = "the role has more or fewer permissions than reading the audit configuration needs"
  }

  assert {
    condition     = google_organization_iam_member.audit_reader[0].member == "serviceAccount:cmek-check-prerequisites@acme-cmek.iam.gserviceaccount.com" && length(google_folder_iam_member.audit_reader) == 0
    error_message = "another account may read the organization's policy"
  }
}

run "folders_are_enough" {
  command = plan

  variables {
    folders = ["42"]
  }

  assert {
    condition     = length(google_organization_iam_member.audit_reader) == 0 && google_folder_iam_member.audit_reader["42"].folder == "folders/42"
    error_message = "the whole organization can be read although folders are named"
  }
}

run "the_organization_at_anthropic_is_refused" {
  command         = plan
  expect_failures = [var.google_organization_id]

  variables {
    google_organization_id = "0f2a5c1e-8b7d-4c3a-9e6f-1a2b3c4d5e6f"
  }
}

run "a_folder_with_its_prefix_is_refused" {
  command         = plan
  expect_failures = [var.folders]

  variables {
    folders = ["folders/42"]
  }
}

run "the_account_that_reads_is_required" {
  command         = plan
  expect_failures = [var.service_accounts]

  variables {
    service_accounts = { grantAccess = "cmek-grant-access@acme-cmek.iam.gserviceaccount.com" }
  }
}

run "a_prefix_without_its_dash_is_refused" {
  command         = plan
  expect_failures = [var.prefix]

  variables {
    prefix = "cmek"
  }
}

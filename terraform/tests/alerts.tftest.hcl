mock_provider "archive" {
  mock_data "archive_file" {
    defaults = {
      output_path = "functions.zip"
    }
  }
}

mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }

  mock_resource "google_cloud_run_v2_service" {
    defaults = { uri = "https://service.example.run.app" }
  }

  mock_resource "google_service_account" {
    defaults = {
      email  = "somebody@acme-cmek.iam.gserviceaccount.com"
      member = "serviceAccount:somebody@acme-cmek.iam.gserviceaccount.com"
    }
  }
}

mock_provider "google-beta" {}

mock_provider "time" {}

# Different from the accounts of the functions.
override_resource {
  target = google_service_account.invoker
  values = {
    email  = "cmek-invoker@acme-cmek.iam.gserviceaccount.com"
    member = "serviceAccount:cmek-invoker@acme-cmek.iam.gserviceaccount.com"
    name   = "projects/acme-cmek/serviceAccounts/cmek-invoker@acme-cmek.iam.gserviceaccount.com"
  }
}

variables {
  allowed_projects   = ["acme-kms-prod"]
  allowed_workspaces = ["wrkspc_01*"]
  organization_id    = "0f2a5c1e-8b7d-4c3a-9e6f-1a2b3c4d5e6f"
  project_id         = "acme-cmek"
  functions_jar      = "tests/functions.jar"
}

# What people are told, and what they can ask.

run "an_alert_says_who_must_act_and_how" {
  command = plan

  assert {
    condition     = alltrue([for alert in google_monitoring_alert_policy.results : alltrue([for label in ["name", "workspaces", "actor", "command", "report", "since"] : contains(keys(alert.conditions[0].condition_matched_log[0].label_extractors), label)]) && length(alert.conditions[0].condition_matched_log[0].label_extractors) <= 10])
    error_message = "an alert does not carry what the person on call needs, or more labels than Monitoring takes"
  }

  assert {
    condition     = alltrue([for name, alert in google_monitoring_alert_policy.results : alltrue([for label in keys(local.alert_labels) : strcontains(alert.documentation[0].content, "$${log.extracted_label.${label}}")]) if name != "scan_incomplete"])
    error_message = "an alert extracts what its text does not show"
  }
}

# The status of a revoked key is REVOKED, and its reason is not one of those that are looked for.
run "a_revoked_key_is_not_an_alarm" {
  command = plan

  assert {
    condition     = alltrue([for alert in google_monitoring_alert_policy.results : !strcontains(alert.conditions[0].condition_matched_log[0].filter, "REVOKED") && strcontains(trimprefix(alert.conditions[0].condition_matched_log[0].filter, local.results_filter), "jsonPayload.result.")])
    error_message = "an alert matches a revoked key, or searches the whole entry, which may name any reason"
  }
}

run "two_teams_have_their_own_channels" {
  command = plan

  variables {
    alert_teams = {
      payments = {
        notification_channels = ["projects/acme-cmek/notificationChannels/11"]
        projects              = ["acme-kms-pay", "acme-kms-pay-dev"]
      }
      research = {
        labels                = { team = "research" }
        notification_channels = ["projects/acme-cmek/notificationChannels/12", "projects/acme-cmek/notificationChannels/13"]
      }
    }
    notification_channels = ["projects/acme-cmek/notificationChannels/1"]
  }

  assert {
    condition     = toset(keys(google_monitoring_alert_policy.teams)) == toset([for pair in setproduct(["payments", "research"], ["destruction_scheduled", "key_unhealthy", "key_unreachable"]) : join("/", pair)])
    error_message = "a team lacks an alert about its keys, or has one about a whole scan"
  }

  assert {
    condition     = endswith(google_monitoring_alert_policy.teams["payments/key_unhealthy"].conditions[0].condition_matched_log[0].filter, "AND jsonPayload.result.status=\"UNHEALTHY\" AND (jsonPayload.result.key=~\"^projects/(acme-kms-pay|acme-kms-pay-dev)/\")")
    error_message = "a team's alert is not about the keys of its projects"
  }

  assert {
    condition     = endswith(google_monitoring_alert_policy.teams["research/key_unreachable"].conditions[0].condition_matched_log[0].filter, "AND (jsonPayload.result.checked.labels.\"team\"=\"research\")")
    error_message = "a team's alert is not about the keys with its label"
  }

  assert {
    condition     = length(google_monitoring_alert_policy.teams["research/key_unhealthy"].notification_channels) == 2 && length(google_monitoring_alert_policy.results["key_unhealthy"].notification_channels) == 1
    error_message = "a team's alert goes to other channels, or the operator lost theirs"
  }
}

run "a_team_without_keys_is_refused" {
  command = plan

  expect_failures = [var.alert_teams]

  variables {
    alert_teams = {
      payments = { notification_channels = ["projects/acme-cmek/notificationChannels/11"] }
    }
  }
}

run "a_label_that_would_change_the_filter_is_refused" {
  command = plan

  expect_failures = [var.alert_teams]

  variables {
    alert_teams = {
      payments = { labels = { team = "a\" OR \"b" }, notification_channels = ["projects/acme-cmek/notificationChannels/11"] }
    }
  }
}

run "the_history_answers_what_people_ask" {
  command = plan

  variables {
    history = true
  }

  assert {
    condition     = toset(keys(google_bigquery_table.views)) == toset(["asked_and_agreed", "changes", "checked_healthy", "down_now", "keys_by_state", "onboardings", "step_times", "unhealthy_now"])
    error_message = "a view is missing"
  }

  assert {
    condition     = alltrue([for view in google_bigquery_table.views : strcontains(view.view[0].query, "FROM `acme-cmek.cmek_history.results`") && !can(regex("FROM results", view.view[0].query)) && !view.view[0].use_legacy_sql])
    error_message = "a view does not read the table of results"
  }
}

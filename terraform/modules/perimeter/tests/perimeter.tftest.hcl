mock_provider "google" {}

variables {
  key_project_numbers    = ["222222222222", "333333333333"]
  perimeter              = "accessPolicies/987654321/servicePerimeters/prod"
  service_project_number = "111111111111"
}

run "anthropic_comes_to_the_keys_and_to_nothing_else" {
  command = plan

  assert {
    condition     = google_access_context_manager_service_perimeter_ingress_policy.anthropic.ingress_from[0].identities == tolist(["serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com"]) && google_access_context_manager_service_perimeter_ingress_policy.anthropic.ingress_from[0].identity_type == null
    error_message = "another identity is admitted"
  }

  assert {
    condition     = google_access_context_manager_service_perimeter_ingress_policy.anthropic.ingress_to[0].resources == tolist(["projects/222222222222", "projects/333333333333"]) && google_access_context_manager_service_perimeter_ingress_policy.anthropic.ingress_to[0].operations[0].service_name == "cloudkms.googleapis.com"
    error_message = "Anthropic is admitted to more than the keys"
  }

  assert {
    condition     = output.rules == tolist(["cmek-anthropic"]) && length(google_access_context_manager_access_level.networks) == 0
    error_message = "a rule is added that nobody asked for"
  }
}

run "people_come_from_known_networks" {
  command = plan

  variables {
    deployers  = ["serviceAccount:terraform@acme-ci.iam.gserviceaccount.com"]
    networks   = ["203.0.113.0/24"]
    requesters = ["group:payments@example.com"]
  }

  assert {
    condition     = google_access_context_manager_access_level.networks[0].basic[0].conditions[0].ip_subnetworks == tolist(["203.0.113.0/24"]) && google_access_context_manager_access_level.networks[0].name == "accessPolicies/987654321/accessLevels/cmek_networks"
    error_message = "another network is admitted"
  }

  assert {
    condition     = alltrue([for rule in concat(google_access_context_manager_service_perimeter_ingress_policy.deployers, google_access_context_manager_service_perimeter_ingress_policy.requesters) : rule.ingress_from[0].sources[0].access_level == "accessPolicies/987654321/accessLevels/cmek_networks"])
    error_message = "a person is admitted from any network"
  }

  assert {
    condition     = google_access_context_manager_service_perimeter_ingress_policy.requesters[0].ingress_to[0].resources == tolist(["projects/111111111111"]) && google_access_context_manager_service_perimeter_ingress_policy.requesters[0].ingress_to[0].operations[0].service_name == "pubsub.googleapis.com"
    error_message = "a requester is admitted to more than Pub/Sub"
  }
}

run "what_lies_outside_is_reached" {
  command = plan

  variables {
    image_project_number   = "444444444444"
    kms_key_project_number = "555555555555"
    kms_key_users          = ["serviceAccount:service-111111111111@gcp-sa-pubsub.iam.gserviceaccount.com"]
  }

  assert {
    condition     = google_access_context_manager_service_perimeter_egress_policy.image[0].egress_to[0].resources == tolist(["projects/444444444444"]) && google_access_context_manager_service_perimeter_egress_policy.image[0].egress_from[0].identities == tolist(["serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"])
    error_message = "the container is not reached, or by somebody else"
  }

  assert {
    condition     = google_access_context_manager_service_perimeter_egress_policy.kms_key[0].egress_to[0].resources == tolist(["projects/555555555555"]) && google_access_context_manager_service_perimeter_egress_policy.kms_key[0].egress_to[0].operations[0].service_name == "cloudkms.googleapis.com"
    error_message = "the key is not reached, or more than it"
  }
}

run "people_without_a_network_are_refused" {
  command         = plan
  expect_failures = [var.deployers, var.requesters]

  variables {
    deployers  = ["user:somebody@example.com"]
    requesters = ["user:somebody@example.com"]
  }
}

run "the_whole_internet_is_refused" {
  command         = plan
  expect_failures = [var.networks]

  variables {
    networks = ["0.0.0.0/0"]
  }
}

run "a_project_id_is_refused" {
  command         = plan
  expect_failures = [var.service_project_number, var.key_project_numbers]

  variables {
    key_project_numbers    = ["acme-kms-prod"]
    service_project_number = "acme-cmek"
  }
}

run "an_id_of_what_lies_outside_is_refused" {
  command         = plan
  expect_failures = [var.image_project_number]

  variables {
    image_project_number = "acme-images"
  }
}

run "an_id_of_the_keys_project_is_refused" {
  command         = plan
  expect_failures = [var.kms_key_project_number]

  variables {
    kms_key_project_number = "acme-keys"
    kms_key_users          = ["serviceAccount:service-111111111111@gcp-sa-pubsub.iam.gserviceaccount.com"]
  }
}

run "users_of_a_key_without_its_project_are_refused" {
  command         = plan
  expect_failures = [var.kms_key_users]

  variables {
    kms_key_users = ["serviceAccount:service-111111111111@gcp-sa-pubsub.iam.gserviceaccount.com"]
  }
}

run "a_bare_name_of_a_perimeter_is_refused" {
  command         = plan
  expect_failures = [var.perimeter]

  variables {
    perimeter = "prod"
  }
}

run "a_prefix_without_its_dash_is_refused" {
  command         = plan
  expect_failures = [var.prefix]

  variables {
    prefix = "cmek"
  }
}

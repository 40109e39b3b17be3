# One account for each function, so that who may change IAM cannot read Anthropic's credential, and who attaches cannot
# touch a key. None of them has a role on this project as a whole.

resource "google_service_account" "functions" {
  for_each = local.functions

  account_id   = each.value.name
  description  = "Runs the function ${each.key} and nothing else"
  display_name = each.value.name
  project      = var.project_id

  depends_on = [google_project_service.apis]
}

# Whom Pub/Sub and Eventarc present themselves as: may call the functions, and can do nothing else.
resource "google_service_account" "invoker" {
  account_id   = "${var.prefix}invoker"
  description  = "Delivers messages to the functions and nothing else"
  display_name = "${var.prefix}invoker"
  project      = var.project_id

  depends_on = [google_project_service.apis]
}

# Projects made before April 2021 do not give Pub/Sub this right by themselves.
resource "google_service_account_iam_member" "invoker_tokens" {
  member             = local.pubsub_agent
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  service_account_id = google_service_account.invoker.name

  depends_on = [google_project_service_identity.pubsub]
}

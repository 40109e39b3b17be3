# One account per function. The function that may change IAM cannot read the Anthropic credential, and the function that
# attaches cannot change a key. No account has a role on the whole project.

resource "google_service_account" "functions" {
  for_each = local.functions

  account_id   = each.value.name
  description  = "Runs the function ${each.key} and does nothing else"
  display_name = each.value.name
  project      = var.project_id

  depends_on = [google_project_service.apis]
}

# The identity that Pub/Sub and Eventarc use to call the functions. It may do nothing else.
resource "google_service_account" "invoker" {
  account_id   = "${var.prefix}invoker"
  description  = "Delivers messages to the functions and does nothing else"
  display_name = "${var.prefix}invoker"
  project      = var.project_id

  depends_on = [google_project_service.apis]
}

# Projects created before April 2021 do not grant this to Pub/Sub automatically. Authoritative: nobody else gets a token with
# which the functions can be called.
resource "google_service_account_iam_binding" "invoker_tokens" {
  members            = [local.pubsub_agent]
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  service_account_id = google_service_account.invoker.name

  depends_on = [google_project_service_identity.pubsub]
}

# The accounts by their names, which a plan knows before they exist: who is granted what can be read in the plan.
locals {
  accounts       = { for name, account in google_service_account.functions : name => "${account.account_id}@${var.project_id}.iam.gserviceaccount.com" }
  invoker        = "${google_service_account.invoker.account_id}@${var.project_id}.iam.gserviceaccount.com"
  invoker_member = "serviceAccount:${local.invoker}"
  members        = { for name, email in local.accounts : name => "serviceAccount:${email}" }
}

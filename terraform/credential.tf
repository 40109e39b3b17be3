# Anthropic's credential. Terraform knows the name of the secret, never its value: a value would be stored in the state.

data "google_secret_manager_secret" "admin_key" {
  count = var.federation == null ? 1 : 0

  project   = var.project_id
  secret_id = var.admin_key_secret
}

resource "google_secret_manager_secret_iam_member" "admin_key" {
  for_each = var.federation == null ? { for name, function in local.functions : name => function if function.anthropic } : {}

  member    = google_service_account.functions[each.key].member
  project   = var.project_id
  role      = "roles/secretmanager.secretAccessor"
  secret_id = data.google_secret_manager_secret.admin_key[0].secret_id
}

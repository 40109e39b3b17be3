# Anthropic's credential. Terraform knows the name of the secret, never its value: a value would be stored in the state.

data "google_secret_manager_secret" "admin_key" {
  count = var.federation == null ? 1 : 0

  project   = var.project_id
  secret_id = var.admin_key_secret

  lifecycle {
    # The secret is created by hand, and so may be without the key.
    postcondition {
      condition = var.kms_key == null || alltrue([
        for copy in flatten([for replication in self.replication : concat(replication.auto, flatten(replication.user_managed[*].replicas))]) :
        length(copy.customer_managed_encryption) > 0
      ])
      error_message = "kms_key is set, but the secret ${var.admin_key_secret} is encrypted with Google's own keys. Create it with your key: deployment/README.md has the commands."
    }
  }
}

# Authoritative: whoever else was granted to read the secret loses it with the next apply.
resource "google_secret_manager_secret_iam_binding" "admin_key" {
  count = var.federation == null ? 1 : 0

  members   = [for name, function in local.functions : local.members[name] if function.anthropic]
  project   = var.project_id
  role      = "roles/secretmanager.secretAccessor"
  secret_id = data.google_secret_manager_secret.admin_key[0].secret_id
}

# Who read the secret, and who got a token of one of the service's accounts. Admin Activity logs show who changed a grant;
# these show who used one. All types, because Google has counted a token first as ADMIN_READ and then as DATA_READ.
resource "google_project_iam_audit_config" "credentials" {
  for_each = toset(var.data_access_logs ? ["iamcredentials.googleapis.com", "secretmanager.googleapis.com"] : [])

  project = var.project_id
  service = each.key

  dynamic "audit_log_config" {
    for_each = ["ADMIN_READ", "DATA_READ", "DATA_WRITE"]

    content {
      log_type = audit_log_config.value
    }
  }

  depends_on = [google_project_service.apis]
}

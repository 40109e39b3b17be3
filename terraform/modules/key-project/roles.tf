# One role per function that reads or changes keys, with only the permissions that this function needs. permissions.json
# has the reason for each permission. Nothing is granted above this project, and no permission here can destroy or
# disable a key.

locals {
  all_permissions = {
    for name, needed in jsondecode(file("${path.module}/../../permissions.json")).functions :
    name => [for permission in needed : permission if permission.where == "key-project"]
    if anytrue([for permission in needed : permission.where == "key-project"])
  }

  optional_permissions = toset(flatten([
    for needed in values(local.all_permissions) : [for permission in needed : permission.permission if lookup(permission, "optional", false)]
  ]))

  # Permissions that change something: granted only with provision or repair.
  writes = ["cloudkms.cryptoKeys.create", "cloudkms.cryptoKeys.setIamPolicy", "cloudkms.cryptoKeys.update", "cloudkms.keyRings.create"]

  permissions = {
    for name, email in var.service_accounts : name => [
      for needed in local.all_permissions[name] : needed.permission
      if !contains(var.excluded_permissions, needed.permission) && (
        contains(local.writes, needed.permission)
        ? (lookup(needed, "when", "provision") == "repair" ? var.repair : var.provision)
        : true
      )
    ]
  }
}

resource "google_project_iam_custom_role" "functions" {
  for_each = local.permissions

  description = "What the function ${each.key} may do with keys; terraform/permissions.json has the reasons"
  permissions = each.value
  project     = var.project_id
  role_id     = replace("${var.prefix}${each.key}", "-", "_")
  title       = "${var.prefix}${each.key}"

  depends_on = [time_sleep.apis]
}

resource "google_project_iam_member" "functions" {
  for_each = google_project_iam_custom_role.functions

  member  = "serviceAccount:${var.service_accounts[each.key]}"
  project = var.project_id
  role    = each.value.name
}

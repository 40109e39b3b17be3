# Two roles per function, with only the permissions that this function needs: one for what it does with keys, which key_rings
# restricts to some key rings, and one for what it reads of the project. permissions.json has the reason for each permission.
# Nothing is granted above this project, and no permission here can destroy or disable a key.

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

  # What a function may do with keys, key rings and locations, and what it may read of the project as a whole. A function may
  # be left without either, where its permissions are excluded.
  key_permissions     = { for name, permissions in local.permissions : name => [for permission in permissions : permission if startswith(permission, "cloudkms.")] }
  project_permissions = { for name, permissions in local.permissions : name => [for permission in permissions : permission if !startswith(permission, "cloudkms.")] }

  # A key ring has the location as its parent: whoever creates one, or asks for what was deleted, is checked there.
  ring_conditions = {
    for ring in var.key_rings : ring => {
      location = "projects/${var.project_id}/locations/${split("/", ring)[0]}"
      ring     = "projects/${var.project_id}/locations/${split("/", ring)[0]}/keyRings/${split("/", ring)[1]}"
    }
  }

  # One grant per function and key ring, because a condition has at most twelve operators. Without key_rings there is one per
  # function, for the whole project.
  key_grants = merge([
    for name, permissions in local.key_permissions : length(var.key_rings) == 0
    ? { (name) = { function = name, ring = null } }
    : { for ring in var.key_rings : "${name}/${ring}" => { function = name, ring = ring } }
    if length(permissions) > 0
  ]...)
}

resource "google_project_iam_custom_role" "keys" {
  for_each = { for name, permissions in local.key_permissions : name => permissions if length(permissions) > 0 }

  description = "What the function ${each.key} may do with keys; terraform/permissions.json has the reasons"
  permissions = each.value
  project     = var.project_id
  role_id     = replace("${var.prefix}${each.key}", "-", "_")
  title       = "${var.prefix}${each.key}"

  depends_on = [time_sleep.apis]
}

resource "google_project_iam_member" "keys" {
  for_each = local.key_grants

  member  = "serviceAccount:${var.service_accounts[each.value.function]}"
  project = var.project_id
  role    = google_project_iam_custom_role.keys[each.value.function].name

  dynamic "condition" {
    for_each = each.value.ring == null ? [] : [local.ring_conditions[each.value.ring]]

    content {
      description = "Only the key ring ${each.value.ring} and its keys"
      expression  = "resource.name == \"${condition.value.ring}\" || resource.name.startsWith(\"${condition.value.ring}/\") || resource.name == \"${condition.value.location}\""
      title       = "${var.prefix}${replace(each.value.ring, "/", "-")}"
    }
  }
}

resource "google_project_iam_custom_role" "project" {
  for_each = { for name, permissions in local.project_permissions : name => permissions if length(permissions) > 0 }

  description = "What the function ${each.key} may read of the project; terraform/permissions.json has the reasons"
  permissions = each.value
  project     = var.project_id
  role_id     = replace("${var.prefix}${each.key}_project", "-", "_")
  title       = "${var.prefix}${each.key}-project"

  depends_on = [time_sleep.apis]
}

resource "google_project_iam_member" "project" {
  for_each = google_project_iam_custom_role.project

  member  = "serviceAccount:${var.service_accounts[each.key]}"
  project = var.project_id
  role    = each.value.name
}

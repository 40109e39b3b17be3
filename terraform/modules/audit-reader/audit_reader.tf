# Lets the service read whether Data Access audit logs of Cloud KMS are turned on above a key's project. The audit
# configuration is a part of the IAM policy, so whoever reads it also reads who has which role there.

locals {
  member = "serviceAccount:${var.service_accounts["checkPrerequisites"]}"
}

resource "google_organization_iam_custom_role" "audit_reader" {
  description = "Reads the audit configuration of folders and of the organization"
  org_id      = var.google_organization_id
  permissions = [
    "resourcemanager.folders.get",
    "resourcemanager.folders.getIamPolicy",
    "resourcemanager.organizations.getIamPolicy",
  ]
  role_id = replace("${var.prefix}audit_reader", "-", "_")
  title   = "${var.prefix}audit-reader"
}

resource "google_organization_iam_member" "audit_reader" {
  count = length(var.folders) == 0 ? 1 : 0

  member = local.member
  org_id = var.google_organization_id
  role   = google_organization_iam_custom_role.audit_reader.name
}

resource "google_folder_iam_member" "audit_reader" {
  for_each = var.folders

  folder = "folders/${each.key}"
  member = local.member
  role   = google_organization_iam_custom_role.audit_reader.name
}

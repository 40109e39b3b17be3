output "permissions" {
  description = "What the account of checkPrerequisites may do above the key projects."
  value       = google_organization_iam_custom_role.audit_reader.permissions
}

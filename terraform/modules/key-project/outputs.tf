output "grants" {
  description = "What is granted on keys in this project: the function, and the condition on the key ring, or null."
  value       = { for name, grant in google_project_iam_member.keys : name => { condition = one(grant.condition[*].expression), function = local.key_grants[name].function, member = grant.member } }
}

output "key_change_writer" {
  description = "Writer identity of the log sink for key changes: add it to the service's variable key_change_writers. null without a topic."
  value       = one(google_logging_project_sink.key_changes[*].writer_identity)
}

output "permissions" {
  description = "What each function may do in this project."
  value       = local.permissions
}

output "key_change_writer" {
  description = "Writer identity of the log sink for key changes: add it to the service's variable key_change_writers. null without a topic."
  value       = one(google_logging_project_sink.key_changes[*].writer_identity)
}

output "permissions" {
  description = "What each function may do in this project."
  value       = local.permissions
}

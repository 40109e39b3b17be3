output "rules" {
  description = "Titles of the rules that this adds to the perimeter."
  value = sort(concat(
    [google_access_context_manager_service_perimeter_ingress_policy.anthropic.title],
    google_access_context_manager_service_perimeter_ingress_policy.deployers[*].title,
    google_access_context_manager_service_perimeter_ingress_policy.requesters[*].title,
    google_access_context_manager_service_perimeter_egress_policy.image[*].title,
    google_access_context_manager_service_perimeter_egress_policy.kms_key[*].title,
  ))
}

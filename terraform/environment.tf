# The configuration of the service as environment variables. The name follows from the property:
# cmek.anthropic.organization-id is CMEK_ANTHROPIC_ORGANIZATION_ID. A variable that is null is not set, and the service's
# default applies.

locals {
  admin_key_file = "/secrets/anthropic/admin-key"

  common_environment = {
    CMEK_ANTHROPIC_ORGANIZATION_ID    = var.organization_id
    CMEK_DOCUMENTATION_URL            = var.documentation_url
    CMEK_GOOGLE_PROJECT               = var.project_id
    CMEK_POLICY_ALLOWED_LOCATIONS     = var.allowed_locations == null ? null : join(",", var.allowed_locations)
    CMEK_POLICY_ALLOWED_PROJECTS      = join(",", var.allowed_projects)
    CMEK_POLICY_ALLOWED_WORKSPACES    = var.allowed_workspaces == null ? null : join(",", var.allowed_workspaces)
    CMEK_POLICY_ANTHROPIC_CUSTOMER_ID = var.anthropic_customer_id
    CMEK_POLICY_ATTACH_APPROVAL       = local.approval ? var.attach_approval : null
    CMEK_POLICY_AUDIT_LOGS            = var.audit_logs
    CMEK_POLICY_PROTECTION_LEVELS     = var.protection_levels == null ? null : join(",", var.protection_levels)
    CMEK_TIMING_MAX_AGE               = var.max_age
    CMEK_TIMING_PROPAGATION_WINDOW    = var.propagation_window
    CMEK_TOPICS_PREFIX                = var.prefix
  }

  credential_environment = {
    CMEK_ANTHROPIC_ADMIN_KEY_FILE                = var.federation == null ? local.admin_key_file : null
    CMEK_ANTHROPIC_FEDERATION_RULE_ID            = try(var.federation.rule_id, null)
    CMEK_ANTHROPIC_FEDERATION_SERVICE_ACCOUNT_ID = try(var.federation.service_account_id, null)
  }

  # A label or binding that these accounts write comes from an onboarding or a repair, and no check reports them for being
  # permitted to write it.
  own_accounts = [
    for name in concat(["createKey", "grantAccess"], var.repair == "repair" ? ["scanKey"] : []) :
    local.accounts[name] if contains(keys(local.functions), name)
  ]

  environment = {
    for name, function in local.functions : name => {
      for variable, value in merge(
        local.common_environment,
        function.anthropic ? local.credential_environment : {},
        function.evidence ? { CMEK_EVIDENCE_BUCKET = one(google_storage_bucket.evidence[*].name) } : {},
        name == "reportScan" ? { CMEK_EVIDENCE_REPORTS_BUCKET = one(google_storage_bucket.reports[*].name) } : {},
        name == "scanKey" ? { CMEK_REPAIR = var.repair, CMEK_REPAIR_AFTER = var.repair_after } : {},
        contains(["checkPrerequisites", "grantAccess", "rescanChangedKey", "scanKey"], name) ? { CMEK_GOOGLE_OWN_SERVICE_ACCOUNTS = join(",", local.own_accounts) } : {},
        { QUARKUS_FUNQY_EXPORT = name },
      ) : variable => value if value != null
    }
  }
}

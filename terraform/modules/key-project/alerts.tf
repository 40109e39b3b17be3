locals {
  granting_accounts = [for name, permissions in local.permissions : var.service_accounts[name] if contains(permissions, "cloudkms.cryptoKeys.setIamPolicy")]
}

# An account that grants access is used by one program and for one principal. Any other use of it is suspicious: another
# program, impersonation, a resource that is not a crypto key, or a policy without Anthropic in it. An attacker can choose
# the user agent, so this alert only detects; IAM protects.
resource "google_monitoring_alert_policy" "foreign_grant" {
  count = length(local.granting_accounts) > 0 ? 1 : 0

  combiner              = "OR"
  display_name          = "${var.prefix}foreign-grant: A grant outside an onboarding"
  notification_channels = var.notification_channels
  project               = var.project_id
  severity              = "CRITICAL"
  user_labels           = var.labels

  alert_strategy {
    notification_rate_limit {
      period = "300s"
    }
  }

  conditions {
    display_name = "A grant outside an onboarding"

    condition_matched_log {
      filter = join(" AND ", [
        "log_id(\"cloudaudit.googleapis.com/activity\")",
        "protoPayload.methodName=~\"SetIamPolicy$\"",
        "protoPayload.authenticationInfo.principalEmail=(${join(" OR ", [for email in local.granting_accounts : "\"${email}\""])})",
        "(${join(" OR ", [
          "NOT protoPayload.requestMetadata.callerSuppliedUserAgent:\"cmek-onboarding\"",
          "protoPayload.authenticationInfo.serviceAccountDelegationInfo:*",
          "NOT protoPayload.resourceName:\"/cryptoKeys/\"",
          "NOT protoPayload.request.policy.bindings.members:\"serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com\"",
        ])})",
      ])
      label_extractors = {
        caller   = "EXTRACT(protoPayload.requestMetadata.callerIp)"
        resource = "EXTRACT(protoPayload.resourceName)"
      }
    }
  }

  documentation {
    content   = file("${path.module}/foreign_grant.md")
    mime_type = "text/markdown"
  }

  depends_on = [time_sleep.apis]
}

# The list of functions, written here and nowhere else. permissions.json says what each may do in Cloud KMS and Cloud
# Storage, and why; tests read it too.
#
#   topic              the topic whose messages trigger the function, without the prefix
#   hands_over_to      the topics on which the function publishes, besides the results
#   anthropic          whether the function calls Anthropic and so needs the credential
#   family             "onboarding", always deployed, or "scan", deployed where there is a scan_schedule
#   maximum_backoff    the longest pause between two deliveries; short for a function that uses redelivery as its timer
#   delivery_attempts  null: var.max_delivery_attempts
#   dead_letter        false: without dead letters, because this function processes the dead letters of the others

locals {
  function_list = {
    onboard = {
      delivery_attempts = null
      dead_letter       = true
      family            = "onboarding"
      hands_over_to     = ["check-prerequisites"]
      maximum_backoff   = "600s"
      topic             = "onboarding-requests"
      anthropic         = false
    }
    checkPrerequisites = {
      delivery_attempts = null
      dead_letter       = true
      family            = "onboarding"
      hands_over_to     = local.approval ? ["create-key-ring", "attach-workspace"] : ["create-key-ring"]
      maximum_backoff   = "600s"
      topic             = "check-prerequisites"
      anthropic         = true
    }
    createKeyRing = {
      delivery_attempts = null
      dead_letter       = true
      family            = "onboarding"
      hands_over_to     = ["create-key"]
      maximum_backoff   = "600s"
      topic             = "create-key-ring"
      anthropic         = false
    }
    createKey = {
      delivery_attempts = null
      dead_letter       = true
      family            = "onboarding"
      hands_over_to     = ["grant-access"]
      maximum_backoff   = "600s"
      topic             = "create-key"
      anthropic         = false
    }
    grantAccess = {
      delivery_attempts = null
      dead_letter       = true
      family            = "onboarding"
      hands_over_to     = ["register-key"]
      maximum_backoff   = "600s"
      topic             = "grant-access"
      anthropic         = false
    }
    registerKey = {
      delivery_attempts = null
      dead_letter       = true
      family            = "onboarding"
      hands_over_to     = ["validate-key"]
      maximum_backoff   = "600s"
      topic             = "register-key"
      anthropic         = true
    }
    # Waits for a grant or label to propagate. The attempts must last much longer than ten minutes, with short pauses.
    validateKey = {
      delivery_attempts = 100
      dead_letter       = true
      family            = "onboarding"
      hands_over_to     = ["attach-workspace"]
      maximum_backoff   = "60s"
      topic             = "validate-key"
      anthropic         = true
    }
    attachWorkspace = {
      delivery_attempts = null
      dead_letter       = true
      family            = "onboarding"
      # What was approved or is replayed is checked again before it is attached.
      hands_over_to   = ["check-prerequisites"]
      maximum_backoff = "600s"
      topic           = "attach-workspace"
      anthropic       = true
    }
    # Asks Anthropic whether a key is attached before it says that attaching failed.
    reportDeadLetter = {
      delivery_attempts = null
      dead_letter       = false
      family            = "onboarding"
      hands_over_to     = []
      maximum_backoff   = "600s"
      topic             = "dead-letter"
      anthropic         = true
    }
    startScan = {
      delivery_attempts = null
      dead_letter       = true
      family            = "scan"
      hands_over_to     = ["scan-key", "report-scan"]
      maximum_backoff   = "600s"
      topic             = "scan"
      anthropic         = true
    }
    scanKey = {
      delivery_attempts = null
      dead_letter       = true
      family            = "scan"
      hands_over_to     = []
      maximum_backoff   = "600s"
      topic             = "scan-key"
      anthropic         = true
    }
    # Uses redelivery as its timer while keys are still being checked, for an hour at most.
    reportScan = {
      delivery_attempts = 100
      dead_letter       = true
      family            = "scan"
      hands_over_to     = []
      maximum_backoff   = "60s"
      topic             = "report-scan"
      anthropic         = false
    }
    rescanChangedKey = {
      delivery_attempts = null
      dead_letter       = true
      family            = "scan"
      hands_over_to     = ["scan-key"]
      maximum_backoff   = "600s"
      topic             = "key-changes"
      anthropic         = true
    }
  }

  permissions = jsondecode(file("${path.module}/permissions.json")).functions

  scan = var.scan_schedule != null

  # Whether the scan is due at least once on every day.
  daily_scan = local.scan ? can(regex("^\\S+ \\S+ \\* \\* \\*$", var.scan_schedule)) : false

  # The deployed functions, with values derived from the list: name in kebab case, attempts, access to evidence and keys.
  functions = {
    for name, function in local.function_list : name => merge(function, {
      delivery_attempts = coalesce(function.delivery_attempts, var.max_delivery_attempts)
      evidence          = anytrue([for needed in lookup(local.permissions, name, []) : needed.where == "evidence-bucket"])
      kms               = anytrue([for needed in lookup(local.permissions, name, []) : needed.where == "key-project"])
      requests          = anytrue([for needed in lookup(local.permissions, name, []) : needed.where == "evidence-requests"])
      name              = "${var.prefix}${lower(replace(name, "/([A-Z])/", "-$1"))}"
    }) if function.family == "onboarding" || local.scan
  }

  # Whether any function uses the evidence bucket.
  evidence = anytrue([for function in values(local.functions) : function.evidence])

  # With an approval between validation and attachment, the approver's message triggers the function that attaches.
  approval = var.attach_approval == "required"

  # One entry for each subscription that delivers to a function.
  deliveries = merge(
    {
      for name, function in local.functions : name => {
        function     = name
        subscription = function.name
        topic        = function.topic
      }
    },
    local.approval ? {
      approvals = {
        function     = "attachWorkspace"
        subscription = "${var.prefix}approvals"
        topic        = "approvals"
      }
    } : {},
  )
}

variable "audit_logs" {
  default     = true
  description = "Whether to switch on Data Access audit logs of Cloud KMS, without which Anthropic's use of a key leaves no trace. false where they are configured elsewhere: for this one service, what is set here replaces what is there."
  nullable    = false
  type        = bool
}

variable "excluded_permissions" {
  default     = []
  description = "Reads that the key's owner does not wish to give, or the organization does not let into a role of a project. What then cannot be known is reported as unknown."
  nullable    = false
  type        = set(string)

  validation {
    condition     = length(setsubtract(var.excluded_permissions, local.optional_permissions)) == 0
    error_message = "excluded_permissions has one that is not optional; optional are ${join(", ", sort(local.optional_permissions))}."
  }
}

variable "key_changes_topic" {
  default     = null
  description = "The service's topic for key changes: its output key_changes_topic. null: a change is only seen by the next scan."
  type        = string

  validation {
    condition     = var.key_changes_topic == null ? true : can(regex("^projects/[^/]+/topics/[^/]+$", var.key_changes_topic))
    error_message = "key_changes_topic is the full name of a topic, projects/PROJECT/topics/TOPIC."
  }
}

variable "notification_channels" {
  default     = []
  description = "Resource names of Monitoring channels, of this project, that hear of grants outside an onboarding."
  nullable    = false
  type        = list(string)

  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))])
    error_message = "notification_channels are resource names, projects/PROJECT/notificationChannels/NUMBER."
  }
}

variable "prefix" {
  default     = "cmek-"
  description = "What the name of every resource begins with."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,9}-$", var.prefix))
    error_message = "prefix is 2 to 11 lower-case letters, digits and dashes, begins with a letter and ends in a dash."
  }
}

variable "project_id" {
  description = "Id of the project whose keys are to be onboarded."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is a project's id, 6 to 30 lower-case letters, digits and dashes; neither its name nor its number."
  }
}

variable "provision" {
  default     = true
  description = "Whether the service may create key rings and keys, label them and grant Anthropic access. false: it may look, and a request of mode validate ends well where everything is there already."
  nullable    = false
  type        = bool
}

variable "repair" {
  default     = false
  description = "Whether an inspection may restore a lost label or binding of Anthropic on a key of this project."
  nullable    = false
  type        = bool
}

variable "service_accounts" {
  description = "Email of each function's account: the service's output service_accounts."
  nullable    = false
  type        = map(string)

  validation {
    condition     = length(var.service_accounts) > 0 && length(setsubtract(keys(var.service_accounts), keys(local.all_permissions))) == 0
    error_message = "service_accounts names functions that need nothing in a key's project, or none at all; take the output service_accounts as it is."
  }

  validation {
    condition     = alltrue([for email in values(var.service_accounts) : can(regex("^[a-z0-9-]+@[a-z0-9.-]+\\.iam\\.gserviceaccount\\.com$", email))])
    error_message = "service_accounts are emails of service accounts without a prefix such as serviceAccount:."
  }
}

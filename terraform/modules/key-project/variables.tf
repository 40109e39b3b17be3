variable "audit_logs" {
  default     = true
  description = "Whether to turn on the Data Access audit logs of Cloud KMS. Without them Anthropic's use of a key is not logged. Set false if they are configured elsewhere: this module replaces the project's existing audit configuration of Cloud KMS."
  nullable    = false
  type        = bool
}

variable "excluded_permissions" {
  default     = []
  description = "Optional read permissions that are not granted, because the key's owner does not want to or because the organization does not allow them in a project role. The service reports what it cannot read as unknown."
  nullable    = false
  type        = set(string)

  validation {
    condition     = length(setsubtract(var.excluded_permissions, local.optional_permissions)) == 0
    error_message = "excluded_permissions contains a permission that is not optional. The optional permissions are ${join(", ", sort(local.optional_permissions))}."
  }
}

variable "key_changes_topic" {
  default     = null
  description = "The service's topic for key changes: its output key_changes_topic. null: a change is only noticed by the next scan."
  type        = string

  validation {
    condition     = var.key_changes_topic == null ? true : can(regex("^projects/[^/]+/topics/[^/]+$", var.key_changes_topic))
    error_message = "key_changes_topic must be the full name of a topic: projects/PROJECT/topics/TOPIC."
  }
}

variable "key_rings" {
  default     = []
  description = "Key rings that the service may touch, LOCATION/KEY_RING, such as us-east5/anthropic. With them every permission on keys is granted under an IAM condition on these key rings, so that it does not reach the keys of others in this project. A key ring that does not exist yet may be created in a location that is listed. Empty: every key ring of the project."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for ring in var.key_rings : can(regex("^us-[a-z]+[0-9]/[A-Za-z0-9_-]{1,63}$", ring))])
    error_message = "key_rings must be pairs of a location in the United States and a key ring, such as us-east5/anthropic."
  }

  validation {
    condition     = length(var.key_rings) <= 20
    error_message = "key_rings has more than 20 key rings. IAM accepts at most 20 conditions for one member and role: use fewer key rings, or leave it empty in a project that has no keys of others."
  }
}

variable "labels" {
  default     = { app = "cmek-onboarding" }
  description = "Labels on all resources that support labels: the alert policy."
  nullable    = false
  type        = map(string)

  validation {
    condition     = alltrue([for key, value in var.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))])
    error_message = "labels must have keys and values of at most 63 lower-case letters, digits, dashes and underscores. A key must begin with a letter."
  }
}

variable "notification_channels" {
  default     = []
  description = "Resource names of Monitoring notification channels in this project that receive the alert on grants outside an onboarding."
  nullable    = false
  type        = list(string)

  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))])
    error_message = "notification_channels must be resource names: projects/PROJECT/notificationChannels/NUMBER."
  }
}

variable "prefix" {
  default     = "cmek-"
  description = "Prefix of the name of every resource."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,9}-$", var.prefix))
    error_message = "prefix must have 2 to 11 lower-case letters, digits and dashes. It must begin with a letter and end with a dash."
  }
}

variable "project_id" {
  description = "Id of the project whose keys are to be onboarded."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must be the id of a project: 6 to 30 lower-case letters, digits and dashes. It must not be the project's name or number."
  }
}

variable "provision" {
  default     = true
  description = "Whether the service may create key rings and keys, label keys and grant Anthropic access. false: it may only read, and a request in mode validate succeeds only if the key is already set up."
  nullable    = false
  type        = bool
}

variable "repair" {
  default     = false
  description = "Whether a scan may restore a lost label or Anthropic binding on a key of this project."
  nullable    = false
  type        = bool
}

variable "service_accounts" {
  description = "Email of each function's service account: the service's output service_accounts."
  nullable    = false
  type        = map(string)

  validation {
    condition     = length(var.service_accounts) > 0 && length(setsubtract(keys(var.service_accounts), keys(local.all_permissions))) == 0
    error_message = "service_accounts is empty or names a function that does not need access to a key's project. Use the service's output service_accounts unchanged."
  }

  validation {
    condition     = alltrue([for email in values(var.service_accounts) : can(regex("^[a-z0-9-]+@[a-z0-9.-]+\\.iam\\.gserviceaccount\\.com$", email))])
    error_message = "service_accounts must be emails of service accounts, without a prefix such as serviceAccount:."
  }
}

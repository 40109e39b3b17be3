variable "admin_key_secret" {
  default     = "cmek-anthropic-admin-key"
  description = "Id of the secret in this project that holds Anthropic's Admin API key. It and its value are made by hand, see deployment/README.md. Unused where there is a federation."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.admin_key_secret))
    error_message = "admin_key_secret is the id of a secret, 1 to 255 letters, digits, dashes and underscores; neither a resource name nor a value."
  }

  validation {
    condition     = !startswith(var.admin_key_secret, "sk-ant-")
    error_message = "admin_key_secret looks like a key itself. Put the key into Secret Manager and name the secret here; consider the key lost and make another."
  }
}

variable "allowed_locations" {
  default     = null
  description = "Locations a key may live in, single regions in the United States. null: all nine of them."
  type        = list(string)

  validation {
    condition     = var.allowed_locations == null ? true : length(var.allowed_locations) > 0 && alltrue([for location in var.allowed_locations : can(regex("^us-[a-z]+[0-9]$", location))])
    error_message = "allowed_locations are single regions in the United States such as us-east5; Anthropic supports no other, and neither us nor global."
  }
}

variable "allowed_projects" {
  description = "Ids of the projects whose keys may be onboarded; * is allowed inside a name."
  nullable    = false
  type        = list(string)

  validation {
    condition     = length(var.allowed_projects) > 0
    error_message = "allowed_projects is empty, and the service would refuse every request."
  }

  validation {
    condition     = alltrue([for project in var.allowed_projects : can(regex("^[a-z*][a-z0-9*-]{0,29}$", project)) && project != "*"])
    error_message = "allowed_projects are project ids in lower case, * allowed inside a name, for instance acme-kms-*; * alone would allow every project there is."
  }
}

variable "allowed_workspaces" {
  default     = null
  description = "Ids of the workspaces that keys may be attached to; * is allowed inside an id. null: all of them."
  type        = list(string)

  validation {
    condition     = var.allowed_workspaces == null ? true : length(var.allowed_workspaces) > 0 && alltrue([for workspace in var.allowed_workspaces : can(regex("^[A-Za-z0-9_*]{1,64}$", workspace))])
    error_message = "allowed_workspaces are ids such as wrkspc_01ABC, * allowed inside an id."
  }
}

variable "approvers" {
  default     = []
  description = "Members who may approve an attachment, in IAM's notation; give them no place among the requesters if two people shall be needed. Only with attach_approval = \"required\"."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for member in var.approvers : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", member))])
    error_message = "approvers are IAM members such as group:security@example.com; allUsers and allAuthenticatedUsers are not accepted."
  }

  validation {
    condition     = var.attach_approval == "required" || length(var.approvers) == 0
    error_message = "approvers are given but attach_approval is not \"required\": nobody would wait for them."
  }

  validation {
    condition     = length(setintersection(var.approvers, var.requesters)) == 0
    error_message = "approvers and requesters have a member in common, who could approve what they asked for."
  }
}

variable "attach_approval" {
  default     = "none"
  description = "\"none\", or \"required\": the chain stops before it attaches, until an approver agrees."
  nullable    = false
  type        = string

  validation {
    condition     = contains(["none", "required"], var.attach_approval)
    error_message = "attach_approval is \"none\" or \"required\"."
  }
}

variable "audit_logs" {
  default     = null
  description = "Whether a project without Data Access audit logs of Cloud KMS is only warned of (\"warn\") or refused (\"require\"). null: warned of."
  type        = string

  validation {
    condition     = var.audit_logs == null ? true : contains(["warn", "require"], var.audit_logs)
    error_message = "audit_logs is \"warn\" or \"require\"."
  }
}

variable "concurrency" {
  default     = 8
  description = "Messages that one instance works on at the same time."
  nullable    = false
  type        = number

  validation {
    condition     = var.concurrency >= 1 && var.concurrency <= 1000 && floor(var.concurrency) == var.concurrency
    error_message = "concurrency is a whole number from 1 to 1000."
  }
}

variable "container_image" {
  default     = null
  description = "Container image of the native service, by digest. Needed with host = \"cloud-run\" and unused otherwise."
  type        = string

  validation {
    condition     = var.host != "cloud-run" || var.container_image != null
    error_message = "container_image is not set, and host = \"cloud-run\" runs one; deployment/README.md says how to build it."
  }

  validation {
    condition     = var.container_image == null ? true : can(regex("^[a-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._/-]+@sha256:[0-9a-f]{64}$", var.container_image))
    error_message = "container_image names an image by its digest, REGION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE@sha256:…; what a tag means changes behind Terraform's back."
  }
}

variable "evidence_bucket" {
  default     = null
  description = "Name of the bucket that keeps how onboardings ended and what the scan found. null: PROJECT-PREFIXevidence."
  type        = string

  validation {
    condition     = var.evidence_bucket == null ? true : can(regex("^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$", var.evidence_bucket))
    error_message = "evidence_bucket is the name of a bucket: 3 to 63 lower-case letters, digits, dashes and underscores."
  }
}

variable "evidence_retention_days" {
  default     = 400
  description = "Days after which the scan's single findings, and replaced versions of anything, are deleted."
  nullable    = false
  type        = number

  validation {
    condition     = var.evidence_retention_days >= 31 && floor(var.evidence_retention_days) == var.evidence_retention_days
    error_message = "evidence_retention_days is a whole number of at least 31, for the report looks back thirty scans."
  }
}

variable "federation" {
  default     = null
  description = "Keyless authentication to Anthropic: the ids of the federation rule and of Anthropic's service account. null: an Admin API key, see admin_key_secret."
  type = object({
    rule_id            = string
    service_account_id = string
  })

  validation {
    condition     = var.federation == null ? true : can(regex("^fdrl_[A-Za-z0-9]+$", var.federation.rule_id)) && can(regex("^svac_[A-Za-z0-9]+$", var.federation.service_account_id))
    error_message = "federation has a rule_id that begins with fdrl_ and a service_account_id that begins with svac_, both shown in Anthropic's Console."
  }
}

variable "functions_archive" {
  default     = null
  description = "Archive with the functions' jar that a build has put into a bucket, for host = \"functions\". null: functions_jar is packed and uploaded."
  type = object({
    bucket = string
    object = string
  })

  validation {
    condition     = var.functions_archive == null ? true : endswith(var.functions_archive.object, ".zip") && !startswith(var.functions_archive.bucket, "gs://")
    error_message = "functions_archive has the bare name of a bucket and an object that ends in .zip."
  }
}

variable "functions_jar" {
  default     = "../target/cmek-onboarding-1.0.0-runner.jar"
  description = "Path of the functions' jar, as ./mvnw package leaves it, seen from this folder. Only for host = \"functions\"."
  nullable    = false
  type        = string

  validation {
    condition     = endswith(var.functions_jar, ".jar")
    error_message = "functions_jar is the path of a jar."
  }
}

variable "functions_runtime" {
  default     = "java25"
  description = "Java runtime of Cloud Run functions."
  nullable    = false
  type        = string

  validation {
    condition     = contains(["java17", "java21", "java25"], var.functions_runtime)
    error_message = "functions_runtime is java17, java21 or java25."
  }
}

variable "history" {
  default     = false
  description = "Whether every result is also kept in BigQuery."
  nullable    = false
  type        = bool
}

variable "host" {
  default     = "functions"
  description = "\"functions\": the JVM artifact on Cloud Run functions. \"cloud-run\": the container of the native executable on Cloud Run."
  nullable    = false
  type        = string

  validation {
    condition     = contains(["functions", "cloud-run"], var.host)
    error_message = "host is \"functions\" or \"cloud-run\"."
  }
}

variable "key_change_writers" {
  default     = []
  description = "Writer identities of the log sinks in the key projects: the output key_change_writer of modules/key-project."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for member in var.key_change_writers : can(regex("^serviceAccount:[a-z0-9-]+@gcp-sa-logging\\.iam\\.gserviceaccount\\.com$", member))])
    error_message = "key_change_writers are identities of log sinks, serviceAccount:…@gcp-sa-logging.iam.gserviceaccount.com; nobody else has anything to say on that topic."
  }
}

variable "labels" {
  default     = { app = "cmek-onboarding" }
  description = "Labels on everything that takes labels."
  nullable    = false
  type        = map(string)

  validation {
    condition     = alltrue([for key, value in var.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))])
    error_message = "labels have keys and values of at most 63 lower-case letters, digits, dashes and underscores; a key begins with a letter."
  }
}

variable "max_age" {
  default     = null
  description = "How old a request may grow before it is given up, as an ISO 8601 duration. null: PT24H."
  type        = string

  validation {
    condition     = var.max_age == null ? true : can(regex("^P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$", var.max_age)) && can(regex("[0-9]", var.max_age))
    error_message = "max_age is an ISO 8601 duration such as PT24H."
  }
}

variable "max_delivery_attempts" {
  default     = 25
  description = "Deliveries after which a message is a dead letter. With pauses from ten seconds to ten minutes, 25 are somewhat more than three hours."
  nullable    = false
  type        = number

  validation {
    condition     = var.max_delivery_attempts >= 5 && var.max_delivery_attempts <= 100 && floor(var.max_delivery_attempts) == var.max_delivery_attempts
    error_message = "max_delivery_attempts is a whole number from 5 to 100; Pub/Sub takes no other."
  }
}

variable "max_instances" {
  default     = 5
  description = "Instances that each function may grow to. Together with concurrency it bounds how many calls are under way."
  nullable    = false
  type        = number

  validation {
    condition     = var.max_instances >= 1 && var.max_instances <= 100 && floor(var.max_instances) == var.max_instances
    error_message = "max_instances is a whole number from 1 to 100."
  }
}

variable "scan_schedule" {
  default     = "0 2 * * *"
  description = "When every registered key is inspected, as a cron expression. null: never, and nothing of the scan is deployed, the watch for changed keys included."
  type        = string

  validation {
    condition     = var.scan_schedule == null ? true : length(split(" ", var.scan_schedule)) == 5
    error_message = "scan_schedule is a cron expression of five fields, such as \"0 2 * * *\"."
  }
}

variable "scan_time_zone" {
  default     = "Etc/UTC"
  description = "Time zone of scan_schedule, by its name in the tz database."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[A-Z][A-Za-z_]+/[A-Za-z0-9_+/-]+$", var.scan_time_zone))
    error_message = "scan_time_zone is a name of the tz database such as America/New_York."
  }
}

variable "notification_channels" {
  default     = []
  description = "Resource names of the Monitoring channels that alerts go to. Without one an alert is seen in the Console alone."
  nullable    = false
  type        = list(string)

  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))])
    error_message = "notification_channels are resource names, projects/PROJECT/notificationChannels/NUMBER."
  }
}

variable "organization_id" {
  description = "Id of the organization at Anthropic: a bare UUID in lower case. Not the Google Cloud organization."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", var.organization_id))
    error_message = "organization_id is a bare UUID in lower case, as GET /v1/organizations/me answers it; neither org_… nor the number of a Google Cloud organization."
  }
}

variable "prefix" {
  default     = "cmek-"
  description = "What the name of every resource begins with."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,9}-$", var.prefix)) && length(var.prefix) <= 11
    error_message = "prefix is 2 to 11 lower-case letters, digits and dashes, begins with a letter and ends in a dash."
  }
}

variable "project_id" {
  description = "Id of the project that the service runs in. Keys live in other projects, or in this one."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is a project's id, 6 to 30 lower-case letters, digits and dashes; neither its name nor its number."
  }
}

variable "propagation_window" {
  default     = null
  description = "How long a validation may fail after a change of IAM or a label before that means something, as an ISO 8601 duration. null: PT10M."
  type        = string

  validation {
    condition     = var.propagation_window == null ? true : can(regex("^PT([0-9]+H)?([0-9]+M)?([0-9]+S)?$", var.propagation_window)) && can(regex("[0-9]", var.propagation_window))
    error_message = "propagation_window is an ISO 8601 duration such as PT10M."
  }
}

variable "protection_levels" {
  default     = null
  description = "Protection levels a key may have. null: HSM alone."
  type        = list(string)

  validation {
    condition     = var.protection_levels == null ? true : length(var.protection_levels) > 0 && alltrue([for level in var.protection_levels : contains(["HSM", "SOFTWARE"], level)])
    error_message = "protection_levels are HSM and SOFTWARE."
  }
}

variable "region" {
  default     = "us-central1"
  description = "Region that the service runs in. It need not be the location of any key."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a region of Google Cloud such as us-central1."
  }
}

variable "repair" {
  default     = "observe"
  description = "\"observe\", or \"repair\": an inspection restores a lost label or binding of Anthropic. The key's owner must agree with repair = true in modules/key-project."
  nullable    = false
  type        = string

  validation {
    condition     = contains(["observe", "repair"], var.repair)
    error_message = "repair is \"observe\" or \"repair\"."
  }
}

variable "requesters" {
  default     = []
  description = "Members who may publish requests, in IAM's notation."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for member in var.requesters : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", member))])
    error_message = "requesters are IAM members such as group:payments@example.com; allUsers and allAuthenticatedUsers are not accepted."
  }
}

variable "result_readers" {
  default     = {}
  description = "Subscriptions on the results: the name of each, and the members who may read it."
  nullable    = false
  type        = map(set(string))

  validation {
    condition     = alltrue([for name in keys(var.result_readers) : can(regex("^[a-z][a-z0-9-]{0,39}$", name)) && name != "history"])
    error_message = "result_readers are named by at most 40 lower-case letters, digits and dashes; \"history\" is taken."
  }

  validation {
    condition     = alltrue(flatten([for members in values(var.result_readers) : [for member in members : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", member))]]))
    error_message = "result_readers have IAM members such as group:payments@example.com; allUsers and allAuthenticatedUsers are not accepted."
  }
}

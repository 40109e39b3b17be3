variable "admin_key_secret" {
  default     = "cmek-anthropic-admin-key"
  description = "Id of the secret in this project that holds the Anthropic Admin API key. The secret and its value are created by hand, see deployment/README.md. Not used with a federation."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.admin_key_secret))
    error_message = "admin_key_secret must be the id of a secret: 1 to 255 letters, digits, dashes and underscores. It must not be a resource name or the value of the secret."
  }

  validation {
    condition     = !startswith(var.admin_key_secret, "sk-ant-")
    error_message = "admin_key_secret looks like the key itself. Store the key in Secret Manager and set the name of the secret here. Treat this key as compromised and create a new one."
  }
}

variable "alert_teams" {
  default     = {}
  description = "Teams whose alerts also go to their own channels: the alerts about keys in the team's projects, or with any of the team's labels in Cloud KMS."
  nullable    = false
  type = map(object({
    labels                = optional(map(string), {})
    notification_channels = list(string)
    projects              = optional(list(string), [])
  }))

  validation {
    condition     = alltrue([for team, route in var.alert_teams : can(regex("^[a-z][a-z0-9-]{0,30}$", team)) && length(route.projects) + length(route.labels) > 0 && length(route.notification_channels) > 0])
    error_message = "A team of alert_teams needs a name in lower case, a project or a label, and a notification channel."
  }

  validation {
    condition     = alltrue(flatten([for route in values(var.alert_teams) : [for project in route.projects : can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", project))]]))
    error_message = "The projects of alert_teams must be project ids."
  }

  validation {
    condition     = alltrue(flatten([for route in values(var.alert_teams) : [for label, value in route.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", label)) && can(regex("^[a-z0-9_-]{0,63}$", value))]]))
    error_message = "The labels of alert_teams must be labels as Cloud KMS has them."
  }

  validation {
    condition     = alltrue(flatten([for route in values(var.alert_teams) : [for channel in route.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))]]))
    error_message = "The notification_channels of alert_teams must be resource names: projects/PROJECT/notificationChannels/NUMBER."
  }
}

variable "allowed_locations" {
  default     = null
  description = "Locations in which a key may be: single regions in the United States. null: all nine of them."
  type        = list(string)

  validation {
    condition     = var.allowed_locations == null ? true : length(var.allowed_locations) > 0 && alltrue([for location in var.allowed_locations : can(regex("^us-[a-z]+[0-9]$", location))])
    error_message = "allowed_locations must be single regions in the United States, such as us-east5. Anthropic does not support other locations, including us and global."
  }
}

variable "allowed_projects" {
  description = "Ids of the projects whose keys may be onboarded. An id may contain the wildcard *."
  nullable    = false
  type        = list(string)

  validation {
    condition     = length(var.allowed_projects) > 0
    error_message = "allowed_projects is empty, so the service would refuse every request."
  }

  validation {
    condition     = alltrue([for project in var.allowed_projects : can(regex("^[a-z*][a-z0-9*-]{0,29}$", project)) && project != "*"])
    error_message = "allowed_projects must be lower-case project ids, which may contain the wildcard *, for example acme-kms-*. The wildcard alone is refused because it would allow every project."
  }
}

variable "allowed_workspaces" {
  default     = null
  description = "Workspaces to which keys may be attached: WORKSPACE, or PROJECT=WORKSPACE for keys of one project. Both may contain the wildcard *. An attachment cannot be undone, so that this must be set, unless attach_approval is \"required\". null: every workspace may be requested, and an approver decides."
  type        = list(string)

  validation {
    condition     = var.allowed_workspaces != null || var.attach_approval == "required"
    error_message = "allowed_workspaces is not set and attach_approval is not \"required\", so that nobody would have said which workspaces may get a key. An attachment cannot be undone. Set allowed_workspaces to workspace ids such as wrkspc_01ABC, or to pairs such as acme-kms-prod=wrkspc_01ABC where projects belong to different teams; or set attach_approval = \"required\", so that a second person approves each attachment."
  }

  validation {
    condition     = var.allowed_workspaces == null ? true : length(var.allowed_workspaces) > 0 && alltrue([for workspace in var.allowed_workspaces : can(regex("^([a-z0-9*-]{1,30}=)?[A-Za-z0-9_*]{1,71}$", workspace))])
    error_message = "allowed_workspaces must be workspace ids such as wrkspc_01ABC, or pairs such as acme-kms-prod=wrkspc_01ABC; both may contain the wildcard *."
  }

  # A pair whose project is not allowed allows nothing: it is misspelt, or the project was forgotten.
  validation {
    condition = var.allowed_workspaces == null ? true : alltrue([
      for workspace in var.allowed_workspaces : anytrue([
        for project in var.allowed_projects : can(regex("^${replace(project, "*", ".*")}$", split("=", workspace)[0]))
      ]) if strcontains(workspace, "=") && !strcontains(split("=", workspace)[0], "*")
    ])
    error_message = "allowed_workspaces has a pair with a project that is not in allowed_projects."
  }
}

variable "anthropic_customer_id" {
  default     = null
  description = "Anthropic's customer id at Google, C0… or is:C0…, if Anthropic's support has told you. With it, domain restricted sharing is checked before anything is written. null: not known."
  type        = string

  validation {
    condition     = var.anthropic_customer_id == null ? true : can(regex("^(is:)?C0[A-Za-z0-9]{1,30}$", var.anthropic_customer_id))
    error_message = "anthropic_customer_id must be a customer id such as C0abc123x."
  }
}

variable "approvers" {
  default     = []
  description = "IAM members who may approve an attachment. They must not also be requesters, so that two people are needed. Only with attach_approval = \"required\"."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for member in var.approvers : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", member))])
    error_message = "approvers must be IAM members such as group:security@example.com. allUsers and allAuthenticatedUsers are not accepted."
  }

  validation {
    condition     = var.attach_approval == "required" || length(var.approvers) == 0
    error_message = "approvers is set but attach_approval is not \"required\", so their approval would never be asked for."
  }

  validation {
    condition     = length(setintersection(var.approvers, var.requesters)) == 0
    error_message = "approvers and requesters have a member in common, who could approve their own requests."
  }

  validation {
    condition     = length(setintersection(var.approvers, var.operators)) == 0
    error_message = "approvers and operators have a member in common. Operators may publish a request, so that this member could approve their own."
  }
}

variable "attach_approval" {
  default     = "none"
  description = "\"none\" or \"required\". With \"required\", an onboarding stops before it attaches the key, until an approver agrees."
  nullable    = false
  type        = string

  validation {
    condition     = contains(["none", "required"], var.attach_approval)
    error_message = "attach_approval must be \"none\" or \"required\"."
  }
}

variable "audit_logs" {
  default     = null
  description = "What happens when a project has no Data Access audit logs for Cloud KMS: \"warn\" only adds a warning, \"require\" refuses the request. null: \"warn\"."
  type        = string

  validation {
    condition     = var.audit_logs == null ? true : contains(["warn", "require"], var.audit_logs)
    error_message = "audit_logs must be \"warn\" or \"require\"."
  }
}

variable "binary_authorization" {
  default     = null
  description = "Binary Authorization of the functions: \"default\" for the project's policy, or the name of a policy for Cloud Run, projects/PROJECT/platforms/cloudRun/policies/POLICY. null: none."
  type        = string

  validation {
    condition     = var.binary_authorization == null ? true : var.binary_authorization == "default" || can(regex("^projects/[^/]+/platforms/cloudRun/policies/[^/]+$", var.binary_authorization))
    error_message = "binary_authorization must be \"default\" or projects/PROJECT/platforms/cloudRun/policies/POLICY."
  }
}

variable "build_worker_pool" {
  default     = null
  description = "Private pool of Cloud Build in which the containers of functions are built, projects/PROJECT/locations/REGION/workerPools/POOL, where cloudbuild.allowedWorkerPools demands one. Only for host = \"functions\". null: Google's own machines."
  type        = string

  validation {
    condition     = var.build_worker_pool == null ? true : can(regex("^projects/[^/]+/locations/${var.region}/workerPools/[^/]+$", var.build_worker_pool))
    error_message = "build_worker_pool must be projects/PROJECT/locations/REGION/workerPools/POOL in the region of the service."
  }
}

variable "concurrency" {
  default     = 8
  description = "How many messages one instance processes at the same time."
  nullable    = false
  type        = number

  validation {
    condition     = var.concurrency >= 1 && var.concurrency <= 1000 && floor(var.concurrency) == var.concurrency
    error_message = "concurrency must be a whole number from 1 to 1000."
  }
}

variable "container_image" {
  default     = null
  description = "Container image of the native service, by digest. Required with host = \"cloud-run\", not used otherwise."
  type        = string

  validation {
    condition     = var.host != "cloud-run" || var.container_image != null
    error_message = "container_image is required with host = \"cloud-run\". deployment/README.md describes how to build it."
  }

  validation {
    condition     = var.container_image == null ? true : can(regex("^[a-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._/-]+@sha256:[0-9a-f]{64}$", var.container_image))
    error_message = "container_image must name an image by its digest: REGION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE@sha256:…. A tag is not accepted, because it can move without Terraform noticing."
  }
}

variable "data_access_logs" {
  default     = true
  description = "Whether to turn on the Data Access audit logs of Secret Manager and of the IAM credentials in this project, which show who read the Anthropic credential and who impersonated a function. Set false if they are configured elsewhere: this replaces the project's existing audit configuration of the two services."
  nullable    = false
  type        = bool
}

variable "deletion_protection" {
  default     = false
  description = "Whether Terraform refuses to delete the services on Cloud Run. With it, an uninstall first needs an apply with false. Only for host = \"cloud-run\": functions have no such setting. The buckets with evidence and the table of the history are always protected."
  nullable    = false
  type        = bool
}

variable "documentation_url" {
  default     = null
  description = "Where the documents of this repository can be read, an https:// URL such as https://git.example.com/cmek-onboarding/blob/main. With it, each result links to the section about its reason. null: a path in the repository."
  type        = string

  validation {
    condition     = var.documentation_url == null ? true : can(regex("^https://[^/?#@[:space:]]+(/[^?#[:space:]]*)?$", var.documentation_url))
    error_message = "documentation_url must be an absolute https:// URL without query and fragment."
  }
}

variable "evidence_bucket" {
  default     = null
  description = "Name of the bucket in which the service keeps the records of onboardings and scans. null: PROJECT-PREFIXevidence."
  type        = string

  validation {
    condition     = var.evidence_bucket == null ? true : can(regex("^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$", var.evidence_bucket))
    error_message = "evidence_bucket must be the name of a bucket: 3 to 63 lower-case letters, digits, dashes and underscores."
  }
}

variable "evidence_readers" {
  default     = []
  description = "IAM members who may read the records of onboardings and scans, such as auditors. Others of the project cannot, its owners and editors included, unless they are given a role of Cloud Storage."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for member in var.evidence_readers : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", member))])
    error_message = "evidence_readers must be IAM members such as group:audit@example.com. allUsers and allAuthenticatedUsers are not accepted."
  }
}

variable "evidence_retention_days" {
  default     = 400
  description = "Days after which records of onboardings and scans, and replaced versions of objects, are deleted."
  nullable    = false
  type        = number

  validation {
    condition     = var.evidence_retention_days >= 31 && floor(var.evidence_retention_days) == var.evidence_retention_days
    error_message = "evidence_retention_days must be a whole number of at least 31, because the report covers the last thirty scans."
  }
}

variable "federation" {
  default     = null
  description = "Keyless authentication to Anthropic: the ids of the federation rule and of the service account at Anthropic. null: an Admin API key is used, see admin_key_secret."
  type = object({
    rule_id            = string
    service_account_id = string
  })

  validation {
    condition     = var.federation == null ? true : can(regex("^fdrl_[A-Za-z0-9]+$", var.federation.rule_id)) && can(regex("^svac_[A-Za-z0-9]+$", var.federation.service_account_id))
    error_message = "federation must have a rule_id that begins with fdrl_ and a service_account_id that begins with svac_. Anthropic's Console shows both."
  }
}

variable "functions_archive" {
  default     = null
  description = "Archive with the functions' jar that a build has put into a bucket. Only for host = \"functions\". null: Terraform packs and uploads functions_jar."
  type = object({
    bucket = string
    object = string
  })

  validation {
    condition     = var.functions_archive == null ? true : endswith(var.functions_archive.object, ".zip") && !startswith(var.functions_archive.bucket, "gs://")
    error_message = "functions_archive must have the name of a bucket without gs:// and an object that ends in .zip."
  }
}

variable "functions_jar" {
  default     = "../target/cmek-onboarding-1.0.0-runner.jar"
  description = "Path of the functions' jar that ./mvnw package builds, relative to this folder. Only for host = \"functions\"."
  nullable    = false
  type        = string

  validation {
    condition     = endswith(var.functions_jar, ".jar")
    error_message = "functions_jar must be the path of a .jar file."
  }
}

variable "functions_runtime" {
  default     = "java25"
  description = "Java runtime of Cloud Run functions."
  nullable    = false
  type        = string

  validation {
    condition     = contains(["java17", "java21", "java25"], var.functions_runtime)
    error_message = "functions_runtime must be java17, java21 or java25."
  }
}

variable "history" {
  default     = false
  description = "Whether every result is also stored in BigQuery."
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
    error_message = "host must be \"functions\" or \"cloud-run\"."
  }
}

variable "key_change_writers" {
  default     = []
  description = "Writer identities of the log sinks in the key projects: the output key_change_writer of modules/key-project."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for member in var.key_change_writers : can(regex("^serviceAccount:[a-z0-9-]+@gcp-sa-logging\\.iam\\.gserviceaccount\\.com$", member))])
    error_message = "key_change_writers must be writer identities of log sinks, serviceAccount:…@gcp-sa-logging.iam.gserviceaccount.com. Nobody else may publish on that topic."
  }
}

variable "kms_key" {
  default     = null
  description = "Cloud KMS key that encrypts what this service stores: topics, buckets, functions or services and their containers, and the history. Its full name, projects/…/locations/REGION/keyRings/…/cryptoKeys/…, in the region of the service. The owner of the key must first admit the members of the output kms_key_users. It must not be a key that this service onboards. null: Google's own keys."
  type        = string

  validation {
    condition     = var.kms_key == null ? true : can(regex("^projects/[^/]+/locations/${var.region}/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "kms_key must be the full name of a key in the region of the service, projects/PROJECT/locations/REGION/keyRings/KEY_RING/cryptoKeys/KEY, without a version. Buckets, functions and repositories do not accept a key of another region."
  }
}

variable "labels" {
  default     = { app = "cmek-onboarding" }
  description = "Labels on all resources that support labels."
  nullable    = false
  type        = map(string)

  validation {
    condition     = alltrue([for key, value in var.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))])
    error_message = "labels must have keys and values of at most 63 lower-case letters, digits, dashes and underscores. A key must begin with a letter."
  }
}

variable "max_age" {
  default     = null
  description = "Maximum age of a request, as an ISO 8601 duration. An older request fails as EXPIRED. null: PT24H."
  type        = string

  validation {
    condition     = var.max_age == null ? true : can(regex("^P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$", var.max_age)) && can(regex("[0-9]", var.max_age))
    error_message = "max_age must be an ISO 8601 duration such as PT24H."
  }
}

variable "max_delivery_attempts" {
  default     = 25
  description = "Number of deliveries after which a message becomes a dead letter. With pauses from ten seconds to ten minutes, 25 deliveries take a little more than three hours."
  nullable    = false
  type        = number

  validation {
    condition     = var.max_delivery_attempts >= 5 && var.max_delivery_attempts <= 100 && floor(var.max_delivery_attempts) == var.max_delivery_attempts
    error_message = "max_delivery_attempts must be a whole number from 5 to 100. Pub/Sub does not accept other values."
  }
}

variable "max_instances" {
  default     = 5
  description = "Maximum number of instances of each function. Together with concurrency it limits how many calls are in progress at the same time."
  nullable    = false
  type        = number

  validation {
    condition     = var.max_instances >= 1 && var.max_instances <= 100 && floor(var.max_instances) == var.max_instances
    error_message = "max_instances must be a whole number from 1 to 100."
  }
}

variable "min_instances" {
  default     = 0
  description = "Instances of each function of the onboarding that are kept ready. 0: none, and an onboarding starts each of its functions first. 1 makes an onboarding some seconds faster and costs about as much as README.md says. The functions of the scan are never kept ready."
  nullable    = false
  type        = number

  validation {
    condition     = var.min_instances >= 0 && var.min_instances <= var.max_instances && floor(var.min_instances) == var.min_instances
    error_message = "min_instances must be a whole number from 0 to max_instances."
  }
}

variable "notification_channels" {
  default     = []
  description = "Resource names of the Monitoring notification channels that receive alerts. Without one, alerts are only shown in Google Cloud's console."
  nullable    = false
  type        = list(string)

  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))])
    error_message = "notification_channels must be resource names: projects/PROJECT/notificationChannels/NUMBER."
  }
}

variable "operators" {
  default     = []
  description = "IAM members who may read dead letters and replay them, and start a scan. They may publish on the topics between the steps, but not on the approvals. Only these members and the functions may publish there: a grant that is made elsewhere is removed."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for member in var.operators : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", member))])
    error_message = "operators must be IAM members such as group:oncall@example.com. allUsers and allAuthenticatedUsers are not accepted."
  }
}

variable "organization_id" {
  description = "Id of your organization at Anthropic: a bare UUID in lower case. This is not the Google Cloud organization."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", var.organization_id))
    error_message = "organization_id must be a bare UUID in lower case, as returned by GET /v1/organizations/me. It must not be an org_… id or the number of a Google Cloud organization."
  }
}

variable "prefix" {
  default     = "cmek-"
  description = "Prefix of the name of every resource."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,9}-$", var.prefix)) && length(var.prefix) <= 11
    error_message = "prefix must have 2 to 11 lower-case letters, digits and dashes. It must begin with a letter and end with a dash."
  }
}

variable "project_id" {
  description = "Id of the project in which the service runs. The keys may be in other projects or in this one."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must be the id of a project: 6 to 30 lower-case letters, digits and dashes. It must not be the project's name or number."
  }
}

variable "propagation_window" {
  default     = null
  description = "How long a failed validation is retried after a change of IAM or a label, while the change propagates, as an ISO 8601 duration. null: PT10M."
  type        = string

  validation {
    condition     = var.propagation_window == null ? true : can(regex("^PT([0-9]+H)?([0-9]+M)?([0-9]+S)?$", var.propagation_window)) && can(regex("[0-9]", var.propagation_window))
    error_message = "propagation_window must be an ISO 8601 duration such as PT10M."
  }
}

variable "protection_levels" {
  default     = null
  description = "Protection levels that a key may have. null: only HSM."
  type        = list(string)

  validation {
    condition     = var.protection_levels == null ? true : length(var.protection_levels) > 0 && alltrue([for level in var.protection_levels : contains(["HSM", "HSM_SINGLE_TENANT", "SOFTWARE"], level)])
    error_message = "protection_levels must be one or more of HSM, HSM_SINGLE_TENANT and SOFTWARE."
  }
}

variable "region" {
  default     = "us-central1"
  description = "Region in which the service runs. It does not have to be the location of a key."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a Google Cloud region such as us-central1."
  }
}

variable "regions" {
  default     = []
  description = "Regions in which Pub/Sub may store messages, for example two for the case that one fails. Empty: what the organization allows, anywhere by default."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for region in var.regions : can(regex("^[a-z]+-[a-z]+[0-9]+$", region))])
    error_message = "regions must be Google Cloud regions such as us-central1."
  }

  validation {
    condition     = length(var.regions) == 0 || contains(var.regions, var.region)
    error_message = "regions must contain region, where the functions publish."
  }
}

variable "repair" {
  default     = "observe"
  description = "\"observe\" or \"repair\". With \"repair\", the nightly scan restores a lost label or Anthropic binding of a key. The key's owner must also set repair = true in modules/key-project."
  nullable    = false
  type        = string

  validation {
    condition     = contains(["observe", "repair"], var.repair)
    error_message = "repair must be \"observe\" or \"repair\"."
  }
}

variable "repair_after" {
  default     = "PT20H"
  description = "How long ago a loss must have been seen first before a scan restores it, as an ISO 8601 duration. An emergency revocation is not undone within this time."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^P[0-9DTHMS]+$", var.repair_after))
    error_message = "repair_after must be an ISO 8601 duration such as PT20H."
  }
}

variable "report_retention" {
  default     = {}
  description = "For how many days the report of a finished scan can be neither replaced nor deleted, by anybody. locked: whether that can never be shortened. A lock cannot be undone, and the bucket cannot be deleted before its last report is that old: set it when you are sure of the days."
  nullable    = false
  type = object({
    days   = optional(number, 400)
    locked = optional(bool, false)
  })

  validation {
    condition     = var.report_retention.days >= 1 && var.report_retention.days <= 36500 && floor(var.report_retention.days) == var.report_retention.days
    error_message = "report_retention.days must be a whole number from 1 to 36500."
  }
}

variable "reports_bucket" {
  default     = null
  description = "Name of the bucket that keeps the reports of finished scans. null: PROJECT-PREFIXreports."
  type        = string

  validation {
    condition     = var.reports_bucket == null ? true : can(regex("^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$", var.reports_bucket))
    error_message = "reports_bucket must be the name of a bucket: 3 to 63 lower-case letters, digits, dashes and underscores."
  }
}

variable "repository" {
  default     = null
  description = "Artifact Registry repository for the containers that Cloud Run functions builds: projects/PROJECT/locations/REGION/repositories/NAME, in the project and region of the service, such as the output of modules/build. Required with kms_key. Only for host = \"functions\": container_image may lie in any project whose owner admits the output image_reader. null: a repository that Google creates."
  type        = string

  validation {
    condition     = var.repository == null ? true : can(regex("^projects/${var.project_id}/locations/${var.region}/repositories/[^/]+$", var.repository))
    error_message = "repository must be projects/PROJECT/locations/REGION/repositories/NAME in the project and the region of the service. Cloud Run functions does not accept a repository of another project or region."
  }

  validation {
    condition     = var.repository == null || var.host == "functions"
    error_message = "repository is set but host is not \"functions\". On Cloud Run, container_image names the repository."
  }

  validation {
    condition     = var.repository != null || var.kms_key == null || var.host != "functions"
    error_message = "kms_key is set but repository is not. Cloud Run functions accepts a key only with a repository that is encrypted with the same key: modules/build creates one, with its variable kms_key."
  }
}

variable "requesters" {
  default     = []
  description = "IAM members who may publish requests."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for member in var.requesters : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", member))])
    error_message = "requesters must be IAM members such as group:payments@example.com. allUsers and allAuthenticatedUsers are not accepted."
  }
}

variable "result_readers" {
  default     = {}
  description = "Subscriptions to the results: the name of each one, and the IAM members who may read it."
  nullable    = false
  type        = map(set(string))

  validation {
    condition     = alltrue([for name in keys(var.result_readers) : can(regex("^[a-z][a-z0-9-]{0,39}$", name)) && name != "history"])
    error_message = "result_readers must have names of at most 40 lower-case letters, digits and dashes that begin with a letter. The name \"history\" is reserved."
  }

  validation {
    condition     = alltrue(flatten([for members in values(var.result_readers) : [for member in members : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", member))]]))
    error_message = "result_readers must list IAM members such as group:payments@example.com. allUsers and allAuthenticatedUsers are not accepted."
  }
}

variable "scan_schedule" {
  default     = "0 2 * * *"
  description = "When every registered key is checked, as a cron expression. null: never. Then nothing of the scan is deployed, and changed keys are not checked either."
  type        = string

  validation {
    condition     = var.scan_schedule == null ? true : length(split(" ", var.scan_schedule)) == 5
    error_message = "scan_schedule must be a cron expression of five fields, such as \"0 2 * * *\"."
  }
}

variable "scan_time_zone" {
  default     = "Etc/UTC"
  description = "Time zone of scan_schedule, by its name in the tz database."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[A-Z][A-Za-z_]+/[A-Za-z0-9_+/-]+$", var.scan_time_zone))
    error_message = "scan_time_zone must be a name from the tz database such as America/New_York."
  }
}

variable "vpc_egress" {
  default     = null
  description = "Network through which the functions send. subnetwork, with or without network and network tags: Direct VPC egress, for host = \"cloud-run\". connector, the full name of a Serverless VPC Access connector: for host = \"functions\". egress: \"all-traffic\" or \"private-ranges-only\", as in run.allowedVPCEgress; with \"all-traffic\" the network needs Cloud NAT to reach api.anthropic.com and Private Google Access to reach Google. null: none, calls leave from Google's own addresses."
  type = object({
    connector  = optional(string)
    egress     = optional(string, "all-traffic")
    network    = optional(string)
    subnetwork = optional(string)
    tags       = optional(list(string), [])
  })

  validation {
    condition     = var.vpc_egress == null ? true : contains(["all-traffic", "private-ranges-only"], var.vpc_egress.egress)
    error_message = "vpc_egress.egress must be \"all-traffic\" or \"private-ranges-only\"."
  }

  validation {
    condition     = var.vpc_egress == null ? true : var.host == "functions" ? var.vpc_egress.connector != null && var.vpc_egress.subnetwork == null : var.vpc_egress.connector == null && var.vpc_egress.subnetwork != null
    error_message = "vpc_egress must have a subnetwork with host = \"cloud-run\" (Direct VPC egress), and a connector with host = \"functions\". The oldest supported provider has no field for Direct VPC egress of a function."
  }

  validation {
    condition     = try(var.vpc_egress.connector, null) == null ? true : can(regex("^projects/[^/]+/locations/${var.region}/connectors/[^/]+$", var.vpc_egress.connector))
    error_message = "vpc_egress.connector must be the full name of a connector in the region of the service: projects/PROJECT/locations/REGION/connectors/NAME."
  }
}

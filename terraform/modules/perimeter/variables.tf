variable "deployers" {
  default     = []
  description = "IAM members who apply Terraform to the service's project and the key projects from outside of the perimeter, such as the account of a pipeline."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for member in var.deployers : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", member))])
    error_message = "deployers must be IAM members such as serviceAccount:terraform@acme-ci.iam.gserviceaccount.com."
  }

  validation {
    condition     = length(var.deployers) == 0 || length(var.networks) > 0
    error_message = "deployers is set but networks is not: an identity alone does not open the perimeter to every network."
  }
}

variable "image_project_number" {
  default     = null
  description = "Number of the project of container_image, if it is outside of the perimeter. null: inside, or host = \"functions\"."
  type        = string

  validation {
    condition     = var.image_project_number == null ? true : can(regex("^[0-9]{1,20}$", var.image_project_number))
    error_message = "image_project_number must be the number of a project. VPC Service Controls does not know ids."
  }
}

variable "key_project_numbers" {
  description = "Numbers of the projects whose keys are onboarded. They must be inside the perimeter."
  nullable    = false
  type        = set(string)

  validation {
    condition     = length(var.key_project_numbers) > 0 && alltrue([for number in var.key_project_numbers : can(regex("^[0-9]{1,20}$", number))])
    error_message = "key_project_numbers must be the numbers of projects. VPC Service Controls does not know ids."
  }
}

variable "kms_key_project_number" {
  default     = null
  description = "Number of the project of kms_key, if it is outside of the perimeter. null: inside, or there is no such key."
  type        = string

  validation {
    condition     = var.kms_key_project_number == null ? true : can(regex("^[0-9]{1,20}$", var.kms_key_project_number))
    error_message = "kms_key_project_number must be the number of a project. VPC Service Controls does not know ids."
  }
}

variable "kms_key_users" {
  default     = []
  description = "The service's output kms_key_users, if the key is outside of the perimeter."
  nullable    = false
  type        = set(string)

  validation {
    condition     = (length(var.kms_key_users) > 0) == (var.kms_key_project_number != null)
    error_message = "kms_key_users and kms_key_project_number belong together: set both or neither."
  }
}

variable "networks" {
  default     = []
  description = "Networks in CIDR notation from which deployers and requesters come, such as those of your offices and pipelines."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for network in var.networks : can(cidrhost(network, 0)) && !endswith(network, "/0")])
    error_message = "networks must be networks in CIDR notation such as 203.0.113.0/24. A network of the whole internet is not accepted."
  }
}

variable "perimeter" {
  description = "The perimeter, accessPolicies/NUMBER/servicePerimeters/NAME."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^accessPolicies/[0-9]+/servicePerimeters/[A-Za-z][A-Za-z0-9_]*$", var.perimeter))
    error_message = "perimeter must be accessPolicies/NUMBER/servicePerimeters/NAME, as shown by gcloud access-context-manager perimeters list."
  }
}

variable "prefix" {
  default     = "cmek-"
  description = "Prefix of the name of every rule."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,9}-$", var.prefix))
    error_message = "prefix must have 2 to 11 lower-case letters, digits and dashes. It must begin with a letter and end with a dash."
  }
}

variable "requesters" {
  default     = []
  description = "IAM members who publish requests and approvals, or read results, from outside of the perimeter."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for member in var.requesters : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", member))])
    error_message = "requesters must be IAM members such as group:payments@example.com."
  }

  validation {
    condition     = length(var.requesters) == 0 || length(var.networks) > 0
    error_message = "requesters is set but networks is not: an identity alone does not open the perimeter to every network."
  }
}

variable "service_project_number" {
  description = "Number of the project in which the service runs. It must be inside the perimeter."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[0-9]{1,20}$", var.service_project_number))
    error_message = "service_project_number must be the number of a project. VPC Service Controls does not know ids."
  }
}

variable "folders" {
  default     = []
  description = "Numbers of the folders above the key projects. Empty: the role is granted on the whole organization, and with it on every folder in it. Otherwise it is granted on these folders alone; then the organization's own settings are reported as unknown."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for folder in var.folders : can(regex("^[0-9]{1,20}$", folder))])
    error_message = "folders must be the numbers of folders, without folders/."
  }
}

variable "google_organization_id" {
  description = "Number of the Google Cloud organization, as shown by gcloud organizations list. This is not the organization at Anthropic."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[0-9]{1,20}$", var.google_organization_id))
    error_message = "google_organization_id must be the number of a Google Cloud organization, without organizations/."
  }
}

variable "prefix" {
  default     = "cmek-"
  description = "Prefix of the name of the role."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,9}-$", var.prefix))
    error_message = "prefix must have 2 to 11 lower-case letters, digits and dashes. It must begin with a letter and end with a dash."
  }
}

variable "service_accounts" {
  description = "Email of each function's service account: the service's output service_accounts. Only the account of checkPrerequisites is used."
  nullable    = false
  type        = map(string)

  validation {
    condition     = can(regex("^[a-z0-9-]+@[a-z0-9.-]+\\.iam\\.gserviceaccount\\.com$", var.service_accounts["checkPrerequisites"]))
    error_message = "service_accounts must have the email of checkPrerequisites. Use the service's output service_accounts unchanged."
  }
}

variable "builders" {
  default     = []
  description = "IAM members who may start a build: they may use the build's account and upload sources. They also need roles/cloudbuild.builds.editor on the project. Owners of the project can start builds without being listed."
  nullable    = false
  type        = set(string)

  validation {
    condition     = alltrue([for member in var.builders : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", member))])
    error_message = "builders must be IAM members such as group:developers@example.com. allUsers and allAuthenticatedUsers are not accepted."
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
  description = "Id of the project in which the service runs."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must be the id of a project: 6 to 30 lower-case letters, digits and dashes. It must not be the project's name or number."
  }
}

variable "region" {
  default     = "us-central1"
  description = "Region of the repository and the buckets."
  nullable    = false
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a Google Cloud region such as us-central1."
  }
}

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

variable "kms_key" {
  default     = null
  description = "Cloud KMS key that encrypts the buckets and the repository: its full name, in the region. The service agents of Cloud Storage and Artifact Registry must be granted roles/cloudkms.cryptoKeyEncrypterDecrypter on it before. null: Google's own keys."
  type        = string

  validation {
    condition     = var.kms_key == null ? true : can(regex("^projects/[^/]+/locations/${var.region}/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "kms_key must be the full name of a key in the region, projects/PROJECT/locations/REGION/keyRings/KEY_RING/cryptoKeys/KEY, without a version."
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

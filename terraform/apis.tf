locals {
  apis = toset(concat(
    [
      "artifactregistry.googleapis.com",
      "cloudkms.googleapis.com",
      "cloudresourcemanager.googleapis.com",
      "iam.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "orgpolicy.googleapis.com",
      "pubsub.googleapis.com",
      "run.googleapis.com",
      "serviceusage.googleapis.com",
    ],
    var.federation == null ? ["secretmanager.googleapis.com"] : [],
    var.history ? ["bigquery.googleapis.com"] : [],
    var.host == "functions" ? [
      "cloudbuild.googleapis.com",
      "cloudfunctions.googleapis.com",
      "eventarc.googleapis.com",
      "storage.googleapis.com",
    ] : [],
    local.evidence ? ["storage.googleapis.com"] : [],
    try(var.vpc_egress.connector, null) == null ? [] : ["vpcaccess.googleapis.com"],
    try(var.vpc_egress.subnetwork, null) == null ? [] : ["compute.googleapis.com"],
    var.binary_authorization == null ? [] : ["binaryauthorization.googleapis.com"],
    local.scan ? ["cloudscheduler.googleapis.com"] : [],
  ))
}

# Cloud KMS, Service Usage, Resource Manager, Org Policy and IAM are called for other projects. Google still counts the calls
# against the caller's project and refuses them if the API is not enabled there.
resource "google_project_service" "apis" {
  for_each = local.apis

  disable_on_destroy = false
  project            = var.project_id
  service            = each.key
}

# Pub/Sub's service agent forwards dead letters, signs the tokens of pushes and writes the history.
resource "google_project_service_identity" "pubsub" {
  provider = google-beta

  project = var.project_id
  service = google_project_service.apis["pubsub.googleapis.com"].service
}

# Eventarc's service agent gets its role some time after it is created. Until then a trigger is refused.
resource "google_project_service_identity" "eventarc" {
  count    = var.host == "functions" ? 1 : 0
  provider = google-beta

  project = var.project_id
  service = google_project_service.apis["eventarc.googleapis.com"].service
}

# Cloud Scheduler's service agent starts the scan.
resource "google_project_service_identity" "scheduler" {
  count    = local.scan ? 1 : 0
  provider = google-beta

  project = var.project_id
  service = google_project_service.apis["cloudscheduler.googleapis.com"].service
}

# What a first deployment must wait for, once: the role of Eventarc's agent, and those of the account that builds the
# functions. A role takes a minute or two to be known everywhere.
resource "time_sleep" "functions" {
  count = var.host == "functions" ? 1 : 0

  create_duration = "90s"
  triggers        = { build = google_service_account.build[0].email }

  depends_on = [
    google_project_iam_member.build,
    google_project_iam_member.build_source,
    google_project_service_identity.eventarc,
  ]
}

locals {
  pubsub_agent    = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  scheduler_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-cloudscheduler.iam.gserviceaccount.com"
}

# The service agents that encrypt with kms_key: of each service that stores something, and for a function of those that build,
# keep and run its container. The owner of the key admits them; nothing is granted outside of this project.
locals {
  kms_key_users = var.kms_key == null ? [] : [
    for agent in concat(
      [
        "service-NUMBER@gcp-sa-pubsub.iam.gserviceaccount.com",
        "service-NUMBER@gs-project-accounts.iam.gserviceaccount.com",
        "service-NUMBER@serverless-robot-prod.iam.gserviceaccount.com",
      ],
      var.federation == null ? ["service-NUMBER@gcp-sa-secretmanager.iam.gserviceaccount.com"] : [],
      var.history ? ["bq-NUMBER@bigquery-encryption.iam.gserviceaccount.com"] : [],
      var.host == "functions" ? [
        "service-NUMBER@gcf-admin-robot.iam.gserviceaccount.com",
        "service-NUMBER@gcp-sa-artifactregistry.iam.gserviceaccount.com",
        "service-NUMBER@gcp-sa-eventarc.iam.gserviceaccount.com",
      ] : [],
    ) : "serviceAccount:${replace(agent, "NUMBER", data.google_project.this.number)}"
  ]
}

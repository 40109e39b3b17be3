# host = "functions": the JVM artifact on Cloud Run functions, fed by Eventarc.
#
# Eventarc creates and owns the subscription behind each trigger. Neither the function nor the trigger has a field for its
# dead letters, backoff or retention. Run deployment/eventarc-dead-letters.sh after each deployment to set them.
# https://cloud.google.com/eventarc/docs/retry-events

locals {
  cloud_functions = var.host == "functions" ? local.functions : {}

  # Upload the local jar, unless a build has already put an archive into a bucket.
  upload = var.host == "functions" && var.functions_archive == null

  # A push waits for the service until the acknowledgement deadline, so the deadline is longer than the timeout.
  ack_deadline_seconds = 360
  timeout_seconds      = 300

  # The first option is needed since Java 24 and harmless before. The second halves the start time on one core. The third
  # avoids a full garbage collection during the start. The last one ends a process that is out of memory.
  java_options = "--add-opens=java.base/java.lang=ALL-UNNAMED -XX:TieredStopAtLevel=1 -XX:MetaspaceSize=96m -XX:+ExitOnOutOfMemoryError"
}

# The buildpack expects an archive with exactly one jar in it. The archive is named by the jar's content and packed without
# the file's mode, so that the same jar plans no change on another machine. A destroy works without a jar.
locals {
  jar       = "${path.root}/${var.functions_jar}"
  jar_built = local.upload && fileexists(local.jar)
  archive   = local.jar_built ? "functions-${filesha256(local.jar)}.zip" : "functions-not-built.zip"
}

data "archive_file" "functions" {
  count = local.jar_built ? 1 : 0

  output_file_mode = "0644"
  output_path      = "${path.root}/.terraform/cmek-functions.zip"
  source_file      = local.jar
  type             = "zip"
}

resource "google_storage_bucket" "source" {
  count = local.upload ? 1 : 0

  force_destroy               = true
  location                    = var.region
  name                        = "${var.project_id}-${var.prefix}source"
  project                     = var.project_id
  public_access_prevention    = "enforced"
  uniform_bucket_level_access = true

  dynamic "encryption" {
    for_each = var.kms_key == null ? [] : [1]

    content {
      default_kms_key_name = var.kms_key
    }
  }

  versioning {
    enabled = true
  }

  depends_on = [google_project_service.apis]
}

# A different jar becomes a different object, and the functions are deployed again.
resource "google_storage_bucket_object" "functions" {
  count = local.upload ? 1 : 0

  bucket = google_storage_bucket.source[0].name
  name   = local.archive
  source = one(data.archive_file.functions[*].output_path)

  lifecycle {
    # The name says all. Where the archive lay on the machine that uploaded it, and how it was packed there, says nothing.
    ignore_changes = [detect_md5hash, source]

    precondition {
      condition     = local.jar_built
      error_message = "The jar ${var.functions_jar} does not exist. Build it with ./mvnw package, or set functions_archive."
    }
  }
}

# Builds run under their own account instead of the default account, which has broad permissions.
resource "google_service_account" "build" {
  count = var.host == "functions" ? 1 : 0

  account_id   = "${var.prefix}build"
  description  = "Builds the containers of the functions and does nothing else"
  display_name = "${var.prefix}build"
  project      = var.project_id

  depends_on = [google_project_service.apis]
}

resource "google_project_iam_member" "build" {
  for_each = var.host == "functions" ? toset([
    "roles/artifactregistry.writer",
    "roles/logging.logWriter",
  ]) : []

  member  = google_service_account.build[0].member
  project = var.project_id
  role    = each.key
}

# Cloud Functions copies the archive into a bucket that it creates itself. The build must not read the evidence bucket.
resource "google_project_iam_member" "build_source" {
  count = var.host == "functions" ? 1 : 0

  member  = google_service_account.build[0].member
  project = var.project_id
  role    = "roles/storage.objectViewer"

  condition {
    description = "Only the archives of functions"
    expression = join(" || ", [
      for prefix in compact([
        "gcf-v2-sources-",
        try(google_storage_bucket.source[0].name, null),
        try(var.functions_archive.bucket, null),
      ]) : "resource.name.startsWith(\"projects/_/buckets/${prefix}\")"
    ])
    title = "function-sources"
  }
}

resource "google_cloudfunctions2_function" "functions" {
  for_each = local.cloud_functions

  kms_key_name = var.kms_key
  location     = var.region
  name         = each.value.name
  project      = var.project_id

  build_config {
    docker_repository = var.repository
    entry_point       = "cmek.function.CmekFunction"
    # Without it the buildpack takes the invoker's first edition. The functions run on both.
    environment_variables = { USE_JAVA_FF_2 = "true" }
    runtime               = var.functions_runtime
    service_account       = google_service_account.build[0].id
    worker_pool           = var.build_worker_pool

    source {
      storage_source {
        bucket = local.upload ? google_storage_bucket.source[0].name : var.functions_archive.bucket
        object = local.upload ? google_storage_bucket_object.functions[0].name : var.functions_archive.object
      }
    }
  }

  event_trigger {
    event_type   = "google.cloud.pubsub.topic.v1.messagePublished"
    pubsub_topic = google_pubsub_topic.topics[each.value.topic].id
    # Retries are off by default, and then a failed message is lost.
    retry_policy          = "RETRY_POLICY_RETRY"
    service_account_email = local.invoker
    trigger_region        = var.region
  }

  service_config {
    all_traffic_on_latest_revision   = true
    available_cpu                    = "1"
    available_memory                 = "512Mi"
    binary_authorization_policy      = var.binary_authorization
    environment_variables            = merge(local.environment[each.key], { JAVA_TOOL_OPTIONS = local.java_options })
    ingress_settings                 = "ALLOW_INTERNAL_ONLY"
    max_instance_count               = var.max_instances
    max_instance_request_concurrency = var.concurrency
    min_instance_count               = each.value.family == "onboarding" ? var.min_instances : 0
    service_account_email            = local.accounts[each.key]
    timeout_seconds                  = local.timeout_seconds
    vpc_connector                    = try(var.vpc_egress.connector, null)
    vpc_connector_egress_settings    = var.vpc_egress == null ? null : upper(replace(var.vpc_egress.egress, "-", "_"))

    dynamic "secret_volumes" {
      for_each = each.value.anthropic && var.federation == null ? [1] : []

      content {
        mount_path = dirname(local.admin_key_file)
        project_id = var.project_id
        secret     = var.admin_key_secret

        # The file always shows the newest version, so that a rotation does not need a deployment.
        versions {
          path    = basename(local.admin_key_file)
          version = "latest"
        }
      }
    }
  }

  # A revision does not start without access to the secret. A build and a trigger fail without their roles.
  depends_on = [
    google_secret_manager_secret_iam_binding.admin_key,
    time_sleep.functions,
  ]
}

# Authoritative: only the invoker may call a function.
resource "google_cloud_run_v2_service_iam_binding" "function_invoker" {
  for_each = local.cloud_functions

  location = var.region
  members  = [local.invoker_member]
  # A function is a Cloud Run service of the same name.
  name    = google_cloudfunctions2_function.functions[each.key].name
  project = var.project_id
  role    = "roles/run.invoker"

  lifecycle {
    # A function that is replaced is a new service, whose IAM policy is empty.
    replace_triggered_by = [google_cloudfunctions2_function.functions[each.key].id]
  }
}

# A function has one trigger, so a second topic needs its own trigger.
resource "google_eventarc_trigger" "approvals" {
  for_each = var.host == "functions" ? { for name, delivery in local.deliveries : name => delivery if name != delivery.function } : {}

  location        = var.region
  name            = each.value.subscription
  project         = var.project_id
  service_account = local.invoker

  destination {
    cloud_run_service {
      region  = var.region
      service = google_cloudfunctions2_function.functions[each.value.function].name
    }
  }

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.pubsub.topic.v1.messagePublished"
  }

  transport {
    pubsub {
      topic = google_pubsub_topic.topics[each.value.topic].id
    }
  }
}

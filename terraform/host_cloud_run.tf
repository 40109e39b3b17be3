# host = "cloud-run": the container of the native executable, one service per function, fed by Pub/Sub push.

locals {
  services = var.host == "cloud-run" ? local.functions : {}
}

resource "google_cloud_run_v2_service" "functions" {
  for_each = local.services

  # Deleting a service loses nothing: requests wait in their subscriptions.
  deletion_protection = var.deletion_protection
  ingress             = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  location            = var.region
  name                = each.value.name
  project             = var.project_id

  dynamic "binary_authorization" {
    for_each = var.binary_authorization == null ? [] : [var.binary_authorization]

    content {
      policy      = binary_authorization.value == "default" ? null : binary_authorization.value
      use_default = binary_authorization.value == "default" ? true : null
    }
  }

  template {
    encryption_key                   = var.kms_key
    max_instance_request_concurrency = var.concurrency
    service_account                  = local.accounts[each.key]
    timeout                          = "${local.timeout_seconds}s"

    containers {
      image = var.container_image

      dynamic "env" {
        for_each = local.environment[each.key]

        content {
          name  = env.key
          value = env.value
        }
      }

      resources {
        cpu_idle          = true
        limits            = { cpu = "1", memory = "512Mi" }
        startup_cpu_boost = true
      }

      dynamic "volume_mounts" {
        for_each = each.value.anthropic && var.federation == null ? [1] : []

        content {
          mount_path = dirname(local.admin_key_file)
          name       = "anthropic"
        }
      }
    }

    scaling {
      max_instance_count = var.max_instances
      min_instance_count = each.value.family == "onboarding" ? var.min_instances : 0
    }

    dynamic "volumes" {
      for_each = each.value.anthropic && var.federation == null ? [1] : []

      content {
        name = "anthropic"

        secret {
          secret = data.google_secret_manager_secret.admin_key[0].id

          # The file always shows the newest version, so that a rotation does not need a deployment.
          items {
            path    = basename(local.admin_key_file)
            version = "latest"
          }
        }
      }
    }

    dynamic "vpc_access" {
      for_each = var.vpc_egress == null ? [] : [var.vpc_egress]

      content {
        egress = upper(replace(vpc_access.value.egress, "-", "_"))

        network_interfaces {
          network    = vpc_access.value.network
          subnetwork = vpc_access.value.subnetwork
          tags       = vpc_access.value.tags
        }
      }
    }
  }

  # A revision does not start without access to the secret.
  depends_on = [google_secret_manager_secret_iam_binding.admin_key]
}

# Authoritative: only the invoker may call a service.
resource "google_cloud_run_v2_service_iam_binding" "invoker" {
  for_each = local.services

  location = var.region
  members  = [local.invoker_member]
  name     = google_cloud_run_v2_service.functions[each.key].name
  project  = var.project_id
  role     = "roles/run.invoker"

  lifecycle {
    # The IAM policy of a service that is replaced is empty.
    replace_triggered_by = [google_cloud_run_v2_service.functions[each.key].uid]
  }
}

resource "google_pubsub_subscription" "push" {
  for_each = var.host == "cloud-run" ? local.deliveries : {}

  # The time a push may take. It is longer than the service's timeout, or a message would be delivered twice at a time.
  ack_deadline_seconds = local.ack_deadline_seconds
  # Messages of one key are delivered one after the other.
  enable_message_ordering    = each.value.topic != "dead-letter"
  message_retention_duration = "604800s"
  name                       = each.value.subscription
  project                    = var.project_id
  topic                      = google_pubsub_topic.topics[each.value.topic].id

  dynamic "dead_letter_policy" {
    for_each = local.functions[each.value.function].dead_letter ? [1] : []

    content {
      dead_letter_topic     = google_pubsub_topic.topics["dead-letter"].id
      max_delivery_attempts = local.functions[each.value.function].delivery_attempts
    }
  }

  expiration_policy {
    ttl = ""
  }

  push_config {
    push_endpoint = "${google_cloud_run_v2_service.functions[each.value.function].uri}/${each.value.function}"

    oidc_token {
      audience              = google_cloud_run_v2_service.functions[each.value.function].uri
      service_account_email = local.invoker
    }
  }

  retry_policy {
    maximum_backoff = local.functions[each.value.function].maximum_backoff
    minimum_backoff = "10s"
  }

  # A push that is refused counts as an attempt.
  depends_on = [google_cloud_run_v2_service_iam_binding.invoker, google_pubsub_topic_iam_binding.publishers]
}

# To forward a dead letter, Pub/Sub acknowledges the message in its subscription.
resource "google_pubsub_subscription_iam_member" "dead_letter" {
  for_each = { for name, push in google_pubsub_subscription.push : name => push if local.functions[local.deliveries[name].function].dead_letter }

  member       = local.pubsub_agent
  project      = var.project_id
  role         = "roles/pubsub.subscriber"
  subscription = each.value.name

  depends_on = [google_project_service_identity.pubsub]
}

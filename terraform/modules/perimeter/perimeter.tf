# Rules for a perimeter of VPC Service Controls that has the service's project and the key projects inside. They are additive:
# other rules of the perimeter stay. Whether something is inside is decided elsewhere.

locals {
  # The constant of the service, which grants no other principal.
  anthropic = "serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com"

  access_policy = join("/", slice(split("/", var.perimeter), 0, 2))
  key_projects  = [for number in sort(var.key_project_numbers) : "projects/${number}"]
  run_agent     = "serviceAccount:service-${var.service_project_number}@serverless-robot-prod.iam.gserviceaccount.com"
  service       = "projects/${var.service_project_number}"
}

# Anthropic encrypts and decrypts from its own network, which is not published: the identity is what is admitted.
resource "google_access_context_manager_service_perimeter_ingress_policy" "anthropic" {
  perimeter = var.perimeter
  title     = "${var.prefix}anthropic"

  ingress_from {
    identities = [local.anthropic]

    sources {
      access_level = "*"
    }
  }

  ingress_to {
    resources = local.key_projects

    operations {
      service_name = "cloudkms.googleapis.com"

      method_selectors {
        method = "*"
      }
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

# The networks from which people and pipelines come.
resource "google_access_context_manager_access_level" "networks" {
  count = length(var.networks) > 0 ? 1 : 0

  description = "The networks from which the service is deployed and asked"
  name        = "${local.access_policy}/accessLevels/${replace("${var.prefix}networks", "-", "_")}"
  parent      = local.access_policy
  title       = "${var.prefix}networks"

  basic {
    conditions {
      ip_subnetworks = sort(var.networks)
    }
  }
}

resource "google_access_context_manager_service_perimeter_ingress_policy" "deployers" {
  count = length(var.deployers) > 0 ? 1 : 0

  perimeter = var.perimeter
  title     = "${var.prefix}deployers"

  ingress_from {
    identities = sort(var.deployers)

    sources {
      access_level = google_access_context_manager_access_level.networks[0].name
    }
  }

  ingress_to {
    resources = concat([local.service], local.key_projects)

    operations {
      service_name = "*"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_access_context_manager_service_perimeter_ingress_policy" "requesters" {
  count = length(var.requesters) > 0 ? 1 : 0

  perimeter = var.perimeter
  title     = "${var.prefix}requesters"

  ingress_from {
    identities = sort(var.requesters)

    sources {
      access_level = google_access_context_manager_access_level.networks[0].name
    }
  }

  ingress_to {
    resources = [local.service]

    operations {
      service_name = "pubsub.googleapis.com"

      method_selectors {
        method = "*"
      }
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

# What lies outside of the perimeter, where it does: the container, and the key for the service's own resources.
resource "google_access_context_manager_service_perimeter_egress_policy" "image" {
  count = var.image_project_number == null ? 0 : 1

  perimeter = var.perimeter
  title     = "${var.prefix}image"

  egress_from {
    identities = [local.run_agent]
  }

  egress_to {
    resources = ["projects/${var.image_project_number}"]

    operations {
      service_name = "artifactregistry.googleapis.com"

      method_selectors {
        method = "*"
      }
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_access_context_manager_service_perimeter_egress_policy" "kms_key" {
  count = length(var.kms_key_users) > 0 ? 1 : 0

  perimeter = var.perimeter
  title     = "${var.prefix}kms-key"

  egress_from {
    identities = sort(var.kms_key_users)
  }

  egress_to {
    resources = ["projects/${var.kms_key_project_number}"]

    operations {
      service_name = "cloudkms.googleapis.com"

      method_selectors {
        method = "*"
      }
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

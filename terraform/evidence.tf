# What the service remembers: how onboardings ended, locks, approvals, findings. The bucket has no retention policy on purpose:
# Cloud Storage refuses to replace an object during its retention period, and each scan replaces every key's latest.json.
# Versioning and soft deletion keep the earlier content.
resource "google_storage_bucket" "evidence" {
  count = local.evidence ? 1 : 0

  force_destroy               = false
  location                    = var.region
  name                        = coalesce(var.evidence_bucket, "${var.project_id}-${var.prefix}evidence")
  project                     = var.project_id
  public_access_prevention    = "enforced"
  uniform_bucket_level_access = true

  dynamic "encryption" {
    for_each = var.kms_key == null ? [] : [1]

    content {
      default_kms_key_name = var.kms_key
    }
  }

  # Records of onboardings and scans, and replaced versions, are deleted after the retention time.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age            = var.evidence_retention_days
      matches_prefix = ["onboardings/", "requests/", "reservations/", "runs/"]
      with_state     = "LIVE"
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = var.evidence_retention_days
      with_state                 = "ARCHIVED"
    }
  }

  # The maximum in Cloud Storage: a deleted object can be restored for ninety days.
  soft_delete_policy {
    retention_duration_seconds = 90 * 24 * 60 * 60
  }

  versioning {
    enabled = true
  }

  depends_on = [google_project_service.apis]
}

# What each function may do in the bucket. Nobody may delete an object; whoever replaces one may do so only where
# permissions.json says, so that nothing that was found or decided can be changed afterwards.
locals {
  evidence_readers = length(var.evidence_readers) == 0 ? [] : [
    {
      members = sort(var.evidence_readers)
      role    = "roles/storage.objectViewer"
    }
  ]

  replaced_objects = {
    for name, function in local.functions : name => flatten([
      for needed in lookup(local.permissions, name, []) : needed.objects if needed.permission == "storage.objects.delete"
    ])
  }
}

resource "google_project_iam_custom_role" "evidence" {
  for_each = { for name, function in local.functions : name => function if function.evidence }

  description = "What the function ${each.key} may do in the evidence bucket; terraform/permissions.json has the reasons"
  permissions = [for needed in local.permissions[each.key] : needed.permission if needed.where == "evidence-bucket" && needed.permission != "storage.objects.delete"]
  project     = var.project_id
  role_id     = replace("${var.prefix}evidence_${each.key}", "-", "_")
  title       = "${each.value.name} evidence"
}

# Cloud Storage asks for this permission where an object is replaced.
resource "google_project_iam_custom_role" "evidence_replace" {
  count = local.evidence ? 1 : 0

  description = "Replaces objects in the evidence bucket; granted for some names of objects only"
  permissions = ["storage.objects.delete"]
  project     = var.project_id
  role_id     = replace("${var.prefix}evidence_replace", "-", "_")
  title       = "${var.prefix}evidence-replace"

  depends_on = [google_project_service.apis]
}

# The whole policy of the bucket, and so without the legacy bindings with which Cloud Storage creates every bucket: they let
# owners, editors and viewers of the project read the evidence, and the first two write it.
resource "google_storage_bucket_iam_policy" "evidence" {
  count = local.evidence ? 1 : 0

  bucket = google_storage_bucket.evidence[0].name
  policy_data = jsonencode({
    bindings = concat(
      [
        for name, role in google_project_iam_custom_role.evidence : {
          members = [local.members[name]]
          role    = "projects/${var.project_id}/roles/${role.role_id}"
        }
      ],
      [
        for name, objects in local.replaced_objects : {
          condition = {
            description = "Only what is replaced by ${name}"
            expression  = join(" || ", [for prefix in objects : "resource.name.startsWith(\"projects/_/buckets/${google_storage_bucket.evidence[0].name}/objects/${prefix}\")"])
            title       = "${name}-replaces"
          }
          members = [local.members[name]]
          role    = "projects/${var.project_id}/roles/${google_project_iam_custom_role.evidence_replace[0].role_id}"
        } if length(objects) > 0
      ],
      local.evidence_readers,
    )
  })
}

# The reports of finished scans, which nobody replaces: they can be kept under lock.
resource "google_storage_bucket" "reports" {
  count = local.scan ? 1 : 0

  force_destroy               = false
  location                    = var.region
  name                        = coalesce(var.reports_bucket, "${var.project_id}-${var.prefix}reports")
  project                     = var.project_id
  public_access_prevention    = "enforced"
  uniform_bucket_level_access = true

  dynamic "encryption" {
    for_each = var.kms_key == null ? [] : [1]

    content {
      default_kms_key_name = var.kms_key
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = max(var.evidence_retention_days, var.report_retention.days)
    }
  }

  retention_policy {
    is_locked        = var.report_retention.locked
    retention_period = var.report_retention.days * 24 * 60 * 60
  }

  # The maximum in Cloud Storage: a deleted object can be restored for ninety days.
  soft_delete_policy {
    retention_duration_seconds = 90 * 24 * 60 * 60
  }

  depends_on = [google_project_service.apis]
}

resource "google_project_iam_custom_role" "reports" {
  count = local.scan ? 1 : 0

  description = "What the function reportScan may do in the bucket of the reports; terraform/permissions.json has the reasons"
  permissions = distinct([for needed in local.permissions["reportScan"] : needed.permission if needed.where == "reports-bucket"])
  project     = var.project_id
  role_id     = replace("${var.prefix}reports", "-", "_")
  title       = "${var.prefix}reports"

  depends_on = [google_project_service.apis]
}

# The whole policy, as of the evidence bucket.
resource "google_storage_bucket_iam_policy" "reports" {
  count = local.scan ? 1 : 0

  bucket = google_storage_bucket.reports[0].name
  policy_data = jsonencode({
    bindings = concat(
      [
        {
          members = [local.members["reportScan"]]
          role    = "projects/${var.project_id}/roles/${google_project_iam_custom_role.reports[0].role_id}"
        }
      ],
      local.evidence_readers,
    )
  })
}

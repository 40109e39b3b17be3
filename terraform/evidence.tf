# The results of onboardings and scans. The bucket has no retention policy on purpose: Cloud Storage refuses to replace an
# object during its retention period, and each scan replaces every key's latest.json. Versioning and soft deletion keep the
# earlier content.
resource "google_storage_bucket" "evidence" {
  count = local.evidence ? 1 : 0

  force_destroy               = false
  location                    = var.region
  name                        = coalesce(var.evidence_bucket, "${var.project_id}-${var.prefix}evidence")
  project                     = var.project_id
  public_access_prevention    = "enforced"
  uniform_bucket_level_access = true

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

resource "google_project_iam_custom_role" "evidence" {
  for_each = { for name, function in local.functions : name => function if function.evidence }

  description = "What the function ${each.key} may do in the evidence bucket; terraform/permissions.json has the reasons"
  permissions = [for needed in local.permissions[each.key] : needed.permission if needed.where == "evidence-bucket"]
  project     = var.project_id
  role_id     = replace("${var.prefix}evidence_${each.key}", "-", "_")
  title       = "${each.value.name} evidence"
}

resource "google_storage_bucket_iam_member" "evidence" {
  for_each = google_project_iam_custom_role.evidence

  bucket = google_storage_bucket.evidence[0].name
  member = google_service_account.functions[each.key].member
  role   = each.value.name
}

# The newest result of each request lies under requests/, and is replaced with every step.
resource "google_project_iam_custom_role" "requests" {
  count = local.evidence ? 1 : 0

  description = "What a function may do with the newest results in the evidence bucket; terraform/permissions.json has the reasons"
  permissions = distinct([
    for needed in flatten(values(local.permissions)) : needed.permission if needed.where == "evidence-requests"
  ])
  project = var.project_id
  role_id = replace("${var.prefix}evidence_requests", "-", "_")
  title   = "${var.prefix}evidence requests"
}

resource "google_storage_bucket_iam_member" "requests" {
  for_each = { for name, function in local.functions : name => function if function.requests }

  bucket = google_storage_bucket.evidence[0].name
  member = google_service_account.functions[each.key].member
  role   = google_project_iam_custom_role.requests[0].name

  condition {
    expression = "resource.name.startsWith('projects/_/buckets/${google_storage_bucket.evidence[0].name}/objects/requests/')"
    title      = "the newest results of requests"
  }
}

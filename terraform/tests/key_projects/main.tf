# Key projects of several teams, as their owners call the module. In reality each owner has a state of their own.

terraform {
  required_providers {
    google = {
      source = "hashicorp/google"
    }
    time = {
      source = "hashicorp/time"
    }
  }
}

variable "key_changes_topic" {
  type = string
}

variable "key_rings" {
  description = "The key rings of each project."
  type        = map(set(string))
}

variable "service_accounts" {
  type = map(string)
}

module "key_project" {
  source   = "../../modules/key-project"
  for_each = var.key_rings

  key_changes_topic = var.key_changes_topic
  key_rings         = each.value
  project_id        = each.key
  service_accounts  = var.service_accounts
}

output "grants" {
  value = { for project, module in module.key_project : project => module.grants }
}

output "key_change_writers" {
  value = sort([for module in module.key_project : module.key_change_writer])
}

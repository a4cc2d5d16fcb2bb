# A first topology: files on this machine. Needs no Docker and no network.

variable "project" {
  type        = string
  default     = "demo"
  description = "Name that goes into every file"

  validation {
    condition     = length(regex("^[a-z][a-z0-9-]*$", var.project)) > 0
    error_message = "Use lower-case letters, digits and dashes."
  }
}

variable "token" {
  type      = string
  default   = "not-a-real-token"
  sensitive = true
}

locals {
  subnets = {
    for index, name in ["web", "auth", "pricing"] : name => cidrsubnet("10.20.0.0/16", 8, index)
  }
}

resource "local_file" "hosts" {
  for_each = local.subnets

  filename        = "${path.module}/out/${each.key}.conf"
  file_permission = "0644"
  content         = <<-EOT
    name    = ${var.project}-${each.key}
    subnet  = ${each.value}
    gateway = ${cidrhost(each.value, 1)}
  EOT
}

resource "local_sensitive_file" "token" {
  filename = "${path.module}/out/secret/token"
  content  = var.token
}

resource "terraform_data" "inventory" {
  input = {
    project = var.project
    files   = [for file in local_file.hosts : file.filename]
  }
}

output "inventory" {
  value = terraform_data.inventory.output
}

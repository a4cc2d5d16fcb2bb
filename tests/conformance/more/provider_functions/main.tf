terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

variable "secret" {
  default   = "hidden"
  sensitive = true
}

variable "size" {
  default = 3
  validation {
    condition     = provider::terraform::encode_expr(var.size) == "3"
    error_message = "It is not three."
  }
}

locals {
  text  = "a = 1 + 2\nlist = [{ b = null }, \"x\"]\n"
  given = provider::terraform::decode_tfvars(local.text)
}

resource "terraform_data" "first" {
  input = provider::terraform::encode_tfvars({ size = var.size, long_name = ["a", { b = 1 }] })
}

resource "terraform_data" "second" {
  input = provider::terraform::encode_expr([terraform_data.first.id])
  lifecycle {
    precondition {
      condition     = startswith(provider::terraform::encode_expr({ id = terraform_data.first.id }), "{")
      error_message = "It is no object."
    }
  }
}

module "child" {
  source = "./child"
  value  = local.given
}

output "given" {
  value = local.given
}

output "again" {
  value = provider::terraform::decode_tfvars(terraform_data.first.output)
}

output "child" {
  value = module.child.text
}

output "secret" {
  value     = provider::terraform::encode_expr({ secret = var.secret })
  sensitive = true
}

output "caught" {
  value = [
    try(provider::terraform::encode_tfvars("x"), "no object"),
    try(provider::terraform::nothing(1), "no function"),
    try(provider::nothing::nothing(1), "no provider"),
    can(provider::terraform::encode_expr(null)),
    provider::terraform::encode_expr([["x", 1 / 3, { "a b" = "$${c}" }]]...),
  ]
}

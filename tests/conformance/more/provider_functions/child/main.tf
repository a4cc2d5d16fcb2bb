terraform {
  required_providers {
    own = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

variable "value" {
  type = any
}

output "text" {
  value = provider::own::encode_expr(var.value)
}

terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

variable "a" {
  default = provider::terraform::encode_expr(1)
}

output "a" {
  value = var.a
}

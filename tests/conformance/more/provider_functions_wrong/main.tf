terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

locals {
  a = provider::terraform::nothing(1)
  b = provider::terraform::encode_tfvars("x")
  c = provider::terraform::encode_expr(1, 2)
  d = provider::terraform::encode_expr()
  e = provider::terraform::decode_tfvars([1])
  f = provider::nothing::x(1)
  g = provider::terraform::encode_expr(null)
  h = provider::terraform::nothing(missing.x)
  i = provider::terraform::decode_tfvars("a = b\nc = d")
  j = provider::terraform::encode_expr([1, 2]...)
  k = provider::terraform(1)
  l = terraform::encode_expr(1)
  m = provider::terraform::a::b(1)
}

variable "size" {
  default = 3
  validation {
    condition     = provider::terraform::encode_expr("x", var.size) == "3"
    error_message = "It is not three."
  }
}

resource "terraform_data" "one" {
  input = provider::terraform::encode_tfvars({ "a b" = 1 })
}

module "child" {
  source = "./child"
}

output "one" {
  value = provider::terraform::decode_tfvars(null)
}

variable "e" {
  default = 1
  ephemeral = true
}
locals { x = var.e }
output "y" { value = ephemeralasnull(local.x) }

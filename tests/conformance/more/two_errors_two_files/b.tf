output "b" { value = var.y }

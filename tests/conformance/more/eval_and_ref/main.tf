output "x" { value = var.q }
output "y" { value = 1 + "a" }

output "a" { value = 1 / 0 }
output "b" { value = 0 / 0 }

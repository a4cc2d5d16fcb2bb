output "a" { value = 1 }
output "b" { value = 20 }
output "d" { value = 4 }

locals { name = 1 }
output "a" { value = local.nme }

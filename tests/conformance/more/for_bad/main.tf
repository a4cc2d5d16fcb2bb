output "a" { value = [for x in 5 : x] }
output "b" { value = {for k, v in null : k => v} }

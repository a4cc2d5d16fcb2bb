output "a" { value = nope(1) }
output "b" { value = upper(nope2("x")) }
output "c" { value = max() }
output "d" { value = tonumber("x") }
output "e" { value = jsondecode("{") }

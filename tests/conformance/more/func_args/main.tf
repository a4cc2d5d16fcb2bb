output "a" { value = upper() }
output "b" { value = upper("a", "b") }
output "c" { value = upper([1]) }

output "a" { value = element([], 0) }

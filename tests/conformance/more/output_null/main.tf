output "o" { value = null }
output "p" { value = [null] }

output "w" { value = path.nope }

output "a" { value = [1][3] }

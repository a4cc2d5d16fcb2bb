output "a" { value = "x".foo }

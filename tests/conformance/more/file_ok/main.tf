output "o" { value = trimspace(file("${path.module}/a.txt")) }

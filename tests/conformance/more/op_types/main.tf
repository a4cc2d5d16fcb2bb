output "a" { value = true + 1 }
output "b" { value = !"x" }
output "c" { value = [1] == 1 }
output "d" { value = "a" > 1 }
output "e" { value = null + 1 }

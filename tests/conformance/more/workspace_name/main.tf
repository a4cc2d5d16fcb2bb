output "w" { value = terraform.workspace }
output "p" { value = [path.module, path.root] }

output "a" { value = each.key }
output "b" { value = count.index }
output "c" { value = self.id }

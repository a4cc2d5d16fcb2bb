locals {
  "é" = 1
}
output "o" { value = "日本${local.nope}é" }

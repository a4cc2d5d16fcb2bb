output "s" {
  value = "a"
  sensitive = true
}

output "o" {
  value = <<-EOT
    a
      b
    EOT
}

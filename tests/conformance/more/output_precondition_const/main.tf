output "s" {
  value = "a"
  precondition {
    condition = 1 > 3
    error_message = "Small."
  }
}

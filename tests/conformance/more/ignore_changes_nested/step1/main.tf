resource "terraform_data" "a" {
  input = { x = 1, y = 1 }
  lifecycle { ignore_changes = [input.x] }
}

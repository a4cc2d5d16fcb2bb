resource "terraform_data" "a" {
  triggers_replace = 2
  lifecycle { create_before_destroy = true }
  provisioner "local-exec" { command = "exit 1" }
  provisioner "local-exec" {
    when    = destroy
    command = "echo bye"
  }
}
resource "terraform_data" "user" { input = terraform_data.a.id }

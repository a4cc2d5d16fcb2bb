resource "terraform_data" "a" {
  triggers_replace = 3
  provisioner "local-exec" { command = "echo made" }
  provisioner "local-exec" {
    when    = destroy
    command = "exit 1"
  }
}

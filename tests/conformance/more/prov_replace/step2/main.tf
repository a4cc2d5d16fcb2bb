resource "terraform_data" "a" {
  triggers_replace = 2
  provisioner "local-exec" { command = "echo made" }
  provisioner "local-exec" {
    when    = destroy
    command = "echo gone"
  }
}

resource "terraform_data" "a" {
  input = 1
  provisioner "local-exec" {
    when    = destroy
    command = "echo ${self.id}; exit 4"
  }
}
resource "terraform_data" "b" { input = terraform_data.a.output }

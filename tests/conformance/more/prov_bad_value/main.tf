resource "terraform_data" "b" { input = "x" }
resource "terraform_data" "a" {
  provisioner "local-exec" {
    command = "echo fine"
  }
  provisioner "local-exec" {
    command = "echo ${tonumber(terraform_data.b.output)}"
  }
  provisioner "local-exec" {
    command = "echo never"
  }
}
resource "terraform_data" "c" { input = terraform_data.a.id }

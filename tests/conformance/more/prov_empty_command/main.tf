resource "terraform_data" "a" {
  provisioner "local-exec" { command = "" }
}
resource "terraform_data" "b" {
  provisioner "local-exec" {
    command     = "echo"
    interpreter = ["/no/such/program"]
  }
}
resource "terraform_data" "c" {
  provisioner "local-exec" {
    command     = "echo"
    working_dir = "nowhere"
  }
}

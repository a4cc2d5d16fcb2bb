variable "secret" {
  sensitive = true
  default   = "hunter2"
}
resource "terraform_data" "a" {
  input = var.secret
  provisioner "local-exec" {
    command = "echo ${self.input}; exit 1"
  }
}

variable "name" {}
resource "terraform_data" "a" {
  count = 2
  input = var.name
  provisioner "local-exec" {
    when    = destroy
    command = "test '${self.output}' = n1 && echo ${count.index} ${path.module}"
  }
}

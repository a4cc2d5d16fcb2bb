resource "terraform_data" "a" {
  for_each = toset(["x", "y"])
  input    = each.key
  provisioner "local-exec" {
    command = "echo ${each.key} ${self.output} ${terraform_data.b.output}"
    environment = {
      NAME = self.input
      GONE = null
    }
  }
  provisioner "local-exec" {
    command    = "false"
    on_failure = continue
  }
  provisioner "local-exec" {
    command     = "print(1)"
    interpreter = ["python3", "-c"]
    working_dir = path.module
    quiet       = true
  }
}
resource "terraform_data" "b" { input = 1 }
output "all" { value = [for it in terraform_data.a : it.output] }

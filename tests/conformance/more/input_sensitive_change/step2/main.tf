variable "s" {
 default = "x"
 sensitive = true
}
resource "terraform_data" "a" { input = var.s }

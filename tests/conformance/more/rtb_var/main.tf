variable "v" { default = 1 }
resource "terraform_data" "t" {
  lifecycle { replace_triggered_by = [var.v] }
}

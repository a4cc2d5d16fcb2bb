resource "terraform_data" "a" {
  triggers_replace = 1
}
resource "terraform_data" "b" {
  depends_on = [terraform_data.a]
  lifecycle {
    create_before_destroy = true
  }
}

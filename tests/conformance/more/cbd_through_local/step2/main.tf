locals { x = terraform_data.a.id }
resource "terraform_data" "a" {
  triggers_replace = 2
}
resource "terraform_data" "b" {
  triggers_replace = local.x
  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "a" {
  dynamic "foo" {
    for_each = [1]
    content {}
  }
}

resource "terraform_data" "s" { count = 2 }
resource "terraform_data" "t" {
  lifecycle { replace_triggered_by = [terraform_data.s[count.index]] }
}

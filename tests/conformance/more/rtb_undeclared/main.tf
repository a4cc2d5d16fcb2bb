resource "terraform_data" "t" {
  lifecycle { replace_triggered_by = [terraform_data.nope] }
}

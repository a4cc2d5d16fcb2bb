variable "t" {
  type = tuple([string, number])
  default = ["a", "1"]
}
output "t" { value = var.t }

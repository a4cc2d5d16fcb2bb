variable "s" {
  type = number
  default = "abc"
}

variable "a" {
  foo = 1
  type = "string"
}

variable "o" {
  type = object({
    a = string
    b = optional(number, 5)
    c = optional(object({ d = optional(string, "x") }), {})
  })
  default = { a = "q" }
}
output "o" { value = var.o }

variable "o" { type = optional(string) }

variable "1a" {}
variable "count" {}

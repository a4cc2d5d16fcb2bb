output "text" {
  value = provider::terraform::encode_expr(1)
}

removed {
  from = module.m
  lifecycle {
    destroy = true
  }
}

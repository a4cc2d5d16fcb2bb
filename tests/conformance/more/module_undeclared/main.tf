output "x" { value = module.m.nope }

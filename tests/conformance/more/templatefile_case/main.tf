output "o" { value = templatefile("${path.module}/t.tpl", { n = "x", l = [1,2] }) }

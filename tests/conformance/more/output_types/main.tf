output "s" { value = toset(["a"]) }
output "m" { value = tomap({a=1}) }
output "n" { value = 1.5 }
output "t" { value = [1,"a",true] }
output "b" { value = 123456789012345678901234567890 }

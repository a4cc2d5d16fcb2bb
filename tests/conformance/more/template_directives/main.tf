locals { l = ["a","b"] }
output "o" { value = <<EOT
%{ for x in local.l ~}
${x};
%{ endfor ~}
EOT
}

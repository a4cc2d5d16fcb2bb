output "o" { value = "日本🇩🇪é${1 + true}é" }

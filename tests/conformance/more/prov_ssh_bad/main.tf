resource "terraform_data" "a" {
  connection {
    type = "telnet"
    host = "127.0.0.1"
  }
  provisioner "remote-exec" { inline = ["echo"] }
}
resource "terraform_data" "b" {
  provisioner "file" {
    content     = "x"
    destination = "/tmp/x"
    connection {
      host    = "127.0.0.1"
      port    = 1
      timeout = "1s"
    }
  }
}
resource "terraform_data" "c" {
  provisioner "remote-exec" { inline = ["echo"] }
}

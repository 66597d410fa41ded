resource "null_resource" "a" {
  triggers = { always = timestamp() }

  connection {
    type = "ssh"
    host = self.public_ip
  }

  provisioner "local-exec" {
    when    = destroy
    command = "echo ${self.id} > /tmp/x"
    environment = {
      A = "1"
    }
  }
}

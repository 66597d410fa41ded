resource "aws_instance" "web" {
  ami           = data.aws_ami.ubuntu.id
  instance_type = "t3.${var.environment == "prod" ? "large" : "micro"}"

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [tags["LastSeen"], user_data, ebs_block_device[0].volume_size]
    replace_triggered_by  = [terraform_data.revision]

    postcondition {
      condition     = self.public_dns != ""
      error_message = "${self.id} has no public name."
    }
  }

  provisioner "remote-exec" {
    on_failure = continue
    inline     = ["sudo systemctl restart ${var.service}", "echo done"]

    connection {
      host = self.public_ip
    }
  }
}

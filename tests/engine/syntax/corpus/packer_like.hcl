source "amazon-ebs" "ubuntu" {
  ami_name = "packer-{{timestamp}}"
}

build {
  sources = ["source.amazon-ebs.ubuntu"]

  provisioner "shell" {
    inline = ["sleep 30", "sudo apt-get update"]
  }
}

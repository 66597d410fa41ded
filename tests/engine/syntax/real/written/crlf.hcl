variable "a" {
  type = string
}

locals {
  list = [
    1,
    2,
  ] # end
  text = <<EOT
one
${var.a}
EOT
}

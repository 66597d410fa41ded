resource "terraform_data" "d" {}
output "p" { value = 1 }

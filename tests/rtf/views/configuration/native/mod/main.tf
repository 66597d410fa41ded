variable "v" {
  type = any
}
variable "w" { default = 1 }
resource "terraform_data" "r" { input = var.v }
module "deep" {
  source = "./deep"
}
output "o" { value = terraform_data.r.output }

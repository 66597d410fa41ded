terraform { required_version = ">= 1" }
variable "a" { default = {} }
variable "b" { type = list(any) }
locals { x = [for k, v in var.a : "${k}=${v}" if v != ""] }
output "x" { value = local.x }
resource "null_resource" "none" {}
module "m" { source = "./m" }

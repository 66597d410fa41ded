terraform {
  required_providers {
    terraform = { source = "terraform.io/builtin/terraform" }
  }
}
provider "terraform" { alias = "x" }
module "m" {
  source = "./m"
  providers = { terraform = terraform.x }
}
module "k" {
  source = "./m"
}
resource "terraform_data" "a" {}

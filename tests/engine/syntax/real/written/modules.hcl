module "network" {
  source   = "./modules/network"
  for_each = toset(var.regions)

  providers = {
    aws         = aws
    aws.replica = aws.replica
  }

  name = "${var.name}-${each.key}"
  cidr = cidrsubnet(var.cidr, 4, index(var.regions, each.value))
}

module "cluster" {
  source  = "registry.example.com/acme/cluster/aws"
  version = "1.2.3"

  subnets = flatten([for region, network in module.network : network.private_subnets])
  groups = {
    default = { min = 1, max = 3 }
    gpu = {
      min = 0
      max = var.gpu ? 2 : 0
    },
  }

  depends_on = [module.network["eu-west-1"]]
}

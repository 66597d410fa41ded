locals {
  max_subnet_length = max(
    length(var.private_subnets),
    length(var.public_subnets),
  )
  nat_gateway_count = var.single_nat_gateway ? 1 : var.one_per_zone ? length(var.azs) : local.max_subnet_length
}

resource "aws_vpc" "this" {
  count = var.create ? 1 : 0

  cidr_block           = var.cidr
  enable_dns_hostnames = true

  tags = merge({ "Name" = var.name }, var.tags, var.vpc_tags)
}

resource "aws_subnet" "public" {
  count = var.create && length(var.public_subnets) > 0 && (!var.one_per_zone || length(var.public_subnets) >= length(var.azs)) ? length(var.public_subnets) : 0

  vpc_id            = aws_vpc.this[0].id
  cidr_block        = element(concat(var.public_subnets, [""]), count.index)
  availability_zone = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
}

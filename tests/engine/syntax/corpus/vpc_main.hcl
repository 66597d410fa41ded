locals {
  public_count  = max(length(var.public_ranges), length(var.public_prefixes))
  largest_count = max(
    local.public_count,
    local.private_count,
  )

  # the association knows the id only once the block is there
  vpc_id = try(aws_vpc_ipv4_cidr_block_association.extra[0].vpc_id, aws_vpc.main[0].id, "")

  create_vpc = var.enabled && var.confirmed
}

resource "aws_vpc" "main" {
  count = local.create_vpc ? 1 : 0

  cidr_block     = var.pool_id == null ? var.range : null
  netmask_length = var.netmask_length

  tags = merge(
    { "Name" = var.name },
    var.tags,
    local.extra_tags,
  )
}

resource "aws_route_table_association" "outer" {
  count = local.has_outer ? local.outer_count : 0

  subnet_id      = element(aws_subnet.outer[*].id, count.index)
  route_table_id = element(aws_route_table.outer[*].id, var.table_per_zone ? count.index : 0)
}

resource "aws_route" "gateway" {
  count = local.has_outer && var.with_gateway ? local.table_count : 0

  timeouts {
    create = "5m"
  }
}

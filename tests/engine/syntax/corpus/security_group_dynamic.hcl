resource "aws_security_group" "this" {
  name_prefix = "${var.name}-"
  vpc_id      = var.vpc_id

  dynamic "ingress" {
    for_each = var.ingress_rules
    iterator = rule
    content {
      from_port   = rule.value["from"]
      to_port     = rule.value["to"]
      protocol    = "tcp"
      cidr_blocks = rule.value.cidr_blocks
    }
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [tags, tags["LastScanned"]]
  }
}

moved {
  from = aws_instance.old
  to   = module.web.aws_instance.this[0]
}

moved {
  from = module.a["x.y"]
  to   = module.b["x.y"]
}

removed {
  from = aws_s3_bucket.legacy

  lifecycle {
    destroy = false
  }
}

import {
  for_each = { for b in var.buckets : b.name => b.id }
  to       = aws_s3_bucket.this[each.key]
  id       = each.value
}

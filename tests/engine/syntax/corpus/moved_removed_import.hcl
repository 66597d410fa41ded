moved {
  from = aws_instance.a
  to   = module.web.aws_instance.a["x"]
}

removed {
  from = aws_instance.old

  lifecycle {
    destroy = false
  }
}

import {
  to = aws_instance.b[0]
  id = "i-abcd1234"
}

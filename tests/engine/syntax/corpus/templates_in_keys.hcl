a = {
  "${var.name}-a"   = 1
  "x${f("y")}z"     = 2
  (join("-", [1]))  = 3
}

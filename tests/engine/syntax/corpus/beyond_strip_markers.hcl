a = "x ${~ y ~} z"
b = "%{ if x ~} y %{ endif }"

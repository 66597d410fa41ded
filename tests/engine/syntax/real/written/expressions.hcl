locals {
  precedence = 1 + 2 * 3 - 4 / 5 % 6 == 7 && !false || true
  grouped    = ((1 + 2) * (3 - 4))
  chained    = a ? b : c ? d : e
  negative   = [-1, -x, - 1, !y]
  steps      = a.b[0].c["d"].*.e[*].f[g.h]
  legacy     = a.0.b.1.c
  object     = { a : 1, "b" = 2, (c) = 3, "${d}-e" = 4, f = 5 }
  big        = 123456789012345678901234567890.000000000000000000001
  exponent   = [1e3, 2.5E-7, 3e+2]
  call       = f(g(h()), i...)
}

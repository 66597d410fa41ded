a = { 1 = 2 }
b = { true = 1, null = 2 }
c = { (var.x) = 1 }
d = { f(x) = 1 }
e = { a.b = 1 }
f = { x[0] = 1 }

a = b[0]
b = b["c"]
c = b[c]
d = b[0][1]
e = b.c[0].d["e"].f
f = b[c.d[0]]
g = f(x)[0]
h = f(x).y
i = [1, 2][0]
j = { a = 1 }.a
k = { a = 1 }["a"]
l = b[
  0
]

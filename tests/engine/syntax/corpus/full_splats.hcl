a = b[*]
b = b[*].c
c = b[*].c.d
d = b[*].c[0]
e = b[*][0]
f = b.c[*].d[*].e
g = b[*].c[0].d[*].e

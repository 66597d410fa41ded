a = b.*
b = b.*.c
c = b.*.c.d
d = b.*.c[0]
e = b.c.*.d.0
f = b.*.c[0].d

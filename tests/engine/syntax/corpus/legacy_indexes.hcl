a = b.0
b = b.0.c
c = b.c.1.d

a = b == c
b = b != c
c = 1 < 2
d = 1 <= 2 && 3 >= 2 || 4 > 5
e = !a && b
f = a || b && c == d + e * f
g = a == b == c
h = !(a || b)
i = -a * b

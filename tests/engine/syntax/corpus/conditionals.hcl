a = b ? c : d
b = a ? b : c ? d : e
c = a ? b ? 1 : 2 : 3
d = (a ? b : c) ? d : e
e = a == 1 ? "x" : a == 2 ? "y" : "z"
f = a || b ? [1] : []

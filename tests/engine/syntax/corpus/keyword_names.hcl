in = 1
for = 2
if = 3
else = 4
endif = 5
endfor = 6
true = 7
null = 8
for_each = in
x = { in = 1, if = 2, else = 3 }

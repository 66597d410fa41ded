a = { if.x = 1 }
b = { endif + "x" = 2 }

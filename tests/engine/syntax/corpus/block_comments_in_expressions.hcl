a = 1 /* x */ + 2
b = f(/* none */)

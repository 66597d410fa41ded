a = 12.e5
b = 1E5

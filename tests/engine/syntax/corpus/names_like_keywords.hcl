a = [for for in in : for]
b = [for x in y : if if if]

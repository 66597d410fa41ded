größe = 1
b = local.größe

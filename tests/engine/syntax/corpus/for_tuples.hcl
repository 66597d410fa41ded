a = [for x in y : x]
b = [for k, v in y : "${k}=${v}"]
c = [for x in y : x if x != ""]
d = [for x in y : [for z in x : z]]
e = [
  for x in y :
  x.name
  if x.enabled
]
f = [for s in var.list : upper(s) if s != "" && length(s) > 2]
g = [for x in a ? b : c : x]

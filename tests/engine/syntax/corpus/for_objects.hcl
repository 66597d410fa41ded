a = { for x in y : x => x }
b = { for k, v in y : k => v }
c = { for k, v in y : v => k... }
d = { for k, v in y : k => v if v != null }
e = { for k, v in y : k => v... if v != null }
f = {
  for name, user in var.users :
  user.role => name...
  if user.active
}
g = { for k in y : (k) => { a = k } }

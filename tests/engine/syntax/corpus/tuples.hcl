a = []
b = [1]
c = [1,]
d = [1, 2, 3]
e = [
  1,
  2,
]
f = [[1], [[2]]]
g = [
  # comment
  "a", # after
  // other
  "b"
]

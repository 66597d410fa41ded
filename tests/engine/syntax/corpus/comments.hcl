# hash
// slashes
/* block */
a = 1 # after
b = 2 // after
c = 3 /* after */
/* many
   lines */
d = 4
e { # after a brace
  f = 5 # inside
  # last
}
# end

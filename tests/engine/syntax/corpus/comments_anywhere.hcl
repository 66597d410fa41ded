a = [ # one
  1, // two
  # three
  2 /* four */
]
b = f( # args
  1, # first
  2
)
c = (1 # x
  + 2)

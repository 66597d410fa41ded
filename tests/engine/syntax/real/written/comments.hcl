# one
## two
// three
/* four */ locals { a = 1 } // five
/*
 * six: { "not" = read
 */
locals { # seven
  # eight
  b = [ # nine
    1, // ten
    /* eleven */ 2,
    # twelve
  ] // thirteen
  c = 1 /* fourteen */ + 2 # fifteen
  /**/
}
# no newline at the end
a {
  b {
    c {
      d = 1
    }
    c {
      d = 2
    }
  }

  e = 3

  b {}
}

my-block "x" {
  some-key = local.a-b.c-d
  minus    = a - b
}

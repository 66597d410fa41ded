a b c {
}
a "b" c "d e" {
}
a "" {
}
in "for" {
}

"""Trees to a typed configuration: which files, which blocks, and what each of them may hold."""

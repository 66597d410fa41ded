"""A plan becomes real: operations in order and side by side, every result on disk before it is told."""

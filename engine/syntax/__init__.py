"""HCL text to a tree with exact offsets, and what can be read off the tree: references and values."""

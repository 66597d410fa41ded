"""An expression: a tree together with the file it stands in."""

from engine.diagnostics import SourceFile, SourceRange
from engine.syntax.tree import Node, beginning


class Expression:
    """Part of a file that has a value. `tree` is documented in `engine.syntax.tree`."""

    __slots__ = ("source", "tree")

    def __init__(self, tree: Node, source: SourceFile) -> None:
        self.tree = tree
        self.source = source

    def __repr__(self) -> str:
        return f"Expression({self.source.text[self.tree[1] : self.tree[2]]!r})"

    @property
    def beginning(self) -> SourceRange:
        """The part of the text that stands for the expression in messages about what its value is."""
        return SourceRange(self.source, *beginning(self.tree))

    @property
    def range(self) -> SourceRange:
        """The text of the expression."""
        return SourceRange(self.source, self.tree[1], self.tree[2])

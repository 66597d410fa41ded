"""What names stand for during an evaluation, and the error that carries a place in the text."""

from collections.abc import Mapping

from engine.lang.errors import LanguageError
from engine.lang.function import Function
from engine.lang.values import Value
from engine.syntax.tree import Node


class Scope:
    """What names stand for: `roots` by first name of a traversal, `functions` by name.

    With a list of `problems`, an element of a tuple or object that has no value is unknown and its error goes to the
    list, so that the rest is looked at as well; without, the first error ends the evaluation.
    """

    __slots__ = ("functions", "problems", "roots")

    def __init__(
        self,
        roots: dict[str, Value],
        functions: Mapping[str, Function],
        problems: "list[EvaluationError] | None" = None,
    ) -> None:
        self.roots = roots
        self.functions = functions
        self.problems = problems

    def with_roots(self, /, **roots: Value) -> "Scope":
        """Return a scope in which more names, or other values for some, are known."""
        return Scope({**self.roots, **roots}, self.functions, self.problems)

    def collecting(self, problems: "list[EvaluationError] | None") -> "Scope":
        """Return the same scope with another list of problems, or none."""
        return Scope(self.roots, self.functions, problems)


class EvaluationError(Exception):
    """Raised inside an evaluation; offsets are those of the expression's file. `others` are found along with it."""

    def __init__(
        self, summary: str, detail: str, start: int, end: int, others: "tuple[EvaluationError, ...]" = ()
    ) -> None:
        super().__init__(f"{summary}: {detail}")
        self.summary = summary
        self.detail = detail
        self.start = start
        self.end = end
        self.others = others

    def all(self) -> "tuple[EvaluationError, ...]":
        """Return this error and those found along with it."""
        return (self, *self.others)


def placed(problem: LanguageError, node: Node, *others: EvaluationError) -> EvaluationError:
    """Return the error of an operation with the place of `node`."""
    return EvaluationError(problem.summary, problem.detail, node[1], node[2], others)

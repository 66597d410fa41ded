"""How providers report problems: by attribute path, never by file and line, which the engine adds.

ProviderError            something did not work; nothing was changed unless the detail says so
  OutcomeUnknown         a request was sent and its answer never came: it may have taken effect
"""

from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]
"""The way to one attribute: names of attributes, keys of maps and positions in lists, outermost first."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a configuration or an answer."""

    summary: str  # a few words, no full stop
    detail: str  # whole sentences: what was found, what to do
    path: Path = ()  # the attribute at fault; empty when it is the object as a whole
    severity: Literal["error", "warning"] = "error"

    def under(self, *prefix: str | int) -> "Problem":
        """Return the same problem seen from further out."""
        return Problem(self.summary, self.detail, (*prefix, *self.path), self.severity)


class ProviderError(Exception):
    """Raised when an operation of a provider did not work."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{problem.summary}: {problem.detail}" for problem in problems))
        self.problems = problems


class OutcomeUnknown(ProviderError):
    """Raised when a request was sent and no answer came, so that nobody knows whether it took effect."""


def failure(summary: str, detail: str, *path: str | int) -> ProviderError:
    """Return an exception that carries one problem."""
    return ProviderError(Problem(summary, detail, path))

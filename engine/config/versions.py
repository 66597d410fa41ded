"""Version constraints, as `required_version` and `required_providers` have them: `>= 1.2, < 2.0`, `~> 1.11`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_SUFFIX: Final = r"(?:-(?P<prerelease>[0-9A-Za-z.~-]+))?(?:\+(?P<metadata>[0-9A-Za-z.~-]+))?"
_CONSTRAINT: Final = re.compile(rf"\s*(?P<operator>=|!=|>=|<=|~>|>|<|)\s*v?(?P<numbers>\d+(?:\.\d+)*){_SUFFIX}\s*")

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Constraint:
    """One condition on a version. `numbers` are as many as are written."""

    operator: str
    numbers: Version
    prerelease: str = ""
    metadata: str = ""

    def allows(self, version: Version) -> bool:
        """Return whether a released version fulfils this."""
        length = max(len(version), len(self.numbers))
        given, wanted = _filled(version, length), _filled(self.numbers, length)
        match self.operator:
            case "=" | "":
                return given == wanted
            case "!=":
                return given != wanted
            case ">":
                return given > wanted
            case "<":
                return given < wanted
            case ">=":
                return given >= wanted
            case "<=":
                return given <= wanted
        # ~> keeps all written numbers but the last; of more numbers than the version has, none fits.
        kept = len(self.numbers) - 1
        return len(self.numbers) <= len(version) and given >= wanted and given[:kept] == wanted[:kept]

    def __str__(self) -> str:
        numbers = self.numbers if self.operator == "~>" and len(self.numbers) > 1 else _filled(self.numbers, 3)
        if self.operator == "~>" and len(self.numbers) == 1:
            numbers = _filled(self.numbers, 2)
        text = ".".join(map(str, numbers)) + (f"-{self.prerelease}" if self.prerelease else "")
        text += f"+{self.metadata}" if self.metadata else ""
        return text if self.operator in ("", "=") else f"{self.operator} {text}"


def parse_constraints(text: str) -> tuple[Constraint, ...]:
    """Return the conditions that a text lists, with commas between them. Raises ValueError."""
    constraints = []
    for part in text.split(","):
        found = _CONSTRAINT.fullmatch(part)
        if found is None:
            raise ValueError(f'"{part.strip()}" is not a version constraint, such as ">= 1.2" or "~> 1.11"')
        numbers = tuple(int(number[:18]) for number in found["numbers"].split("."))
        constraints.append(Constraint(found["operator"], numbers, found["prerelease"] or "", found["metadata"] or ""))
    return tuple(constraints)


def shown_constraints(constraints: Iterable[Constraint]) -> str:
    """Return conditions as they are listed for people: by version, each once."""
    ordered = sorted(constraints, key=lambda one: (_filled(one.numbers, 3), one.prerelease, one.operator))
    return ", ".join(dict.fromkeys(map(str, ordered)))


def _filled(numbers: Version, length: int) -> Version:
    return numbers + (0,) * (length - len(numbers))

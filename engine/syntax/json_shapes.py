"""Which members of a JSON configuration are blocks, with which labels, and what the strings of the others are.

Native syntax shows by its braces and quotes what is a block, a template, a name. JSON shows nothing of the kind, so it
has to be known beforehand; this table knows. Whether an argument is allowed is not said here: that is checked
for both syntaxes alike, when blocks are decoded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final


class Reading(Enum):
    """What the strings of an argument are, however deep they lie in it."""

    TEMPLATE = "template"  # "x-${var.y}", as between quotes
    LITERAL = "literal"  # what is read before anything can be evaluated: exactly the text
    EXPRESSION = "expression"  # "list(string)", "openai.eu": written without quotes in native syntax
    REQUIREMENT = "requirement"  # literal, but for the names of configuration_aliases


@dataclass(frozen=True, slots=True)
class Shape:
    """A block: its labels, the blocks in it, and how its arguments are read."""

    labels: tuple[str, ...] = ()
    blocks: Mapping[str, "Shape"] = field(default_factory=dict)
    arguments: Mapping[str, Reading] = field(default_factory=dict)
    otherwise: Reading = Reading.TEMPLATE  # how arguments are read that `arguments` does not name
    names: bool = False  # whether its arguments are names that the user declares

    def reading(self, name: str) -> Reading:
        """Return how the argument `name` is read."""
        return self.arguments.get(name, self.otherwise)


_TEMPLATE, _LITERAL, _EXPRESSION = Reading.TEMPLATE, Reading.LITERAL, Reading.EXPRESSION

_CONDITION: Final = Shape()
_CONNECTION: Final = Shape()
_PROVISIONER: Final = Shape(("type",), {"connection": _CONNECTION}, {"when": _EXPRESSION, "on_failure": _EXPRESSION})
_LIFECYCLE: Final = Shape(
    blocks={"precondition": _CONDITION, "postcondition": _CONDITION},
    arguments={
        "create_before_destroy": _LITERAL,
        "prevent_destroy": _LITERAL,
        "destroy": _LITERAL,
        "ignore_changes": _EXPRESSION,
        "replace_triggered_by": _EXPRESSION,
    },
)
_DYNAMIC: Final = Shape(("type",), {"content": Shape()}, {"iterator": _EXPRESSION})
_RESOURCE: Final = Shape(
    ("type", "name"),
    {
        "lifecycle": _LIFECYCLE,
        "provisioner": _PROVISIONER,
        "connection": _CONNECTION,
        "dynamic": _DYNAMIC,
    },
    {"provider": _EXPRESSION, "depends_on": _EXPRESSION},
)
_TERRAFORM: Final = Shape(
    blocks={
        "required_providers": Shape(otherwise=Reading.REQUIREMENT, names=True),
        "backend": Shape(("type",), otherwise=_LITERAL),
        "cloud": Shape(blocks={"workspaces": Shape(otherwise=_LITERAL)}, otherwise=_LITERAL),
        "provider_meta": Shape(("provider",)),
    },
    arguments={"required_version": _LITERAL, "experiments": _EXPRESSION, "language": _EXPRESSION},
)
_DESCRIPTIVE: Final = {"description": _LITERAL, "sensitive": _LITERAL, "ephemeral": _LITERAL}

FILE: Final = Shape(
    blocks={
        "terraform": _TERRAFORM,
        "provider": Shape(("name",), arguments={"alias": _LITERAL, "version": _LITERAL}),
        "variable": Shape(("name",), {"validation": _CONDITION}, {"type": _EXPRESSION}, otherwise=_LITERAL),
        "locals": Shape(names=True),
        "output": Shape(("name",), {"precondition": _CONDITION}, {**_DESCRIPTIVE, "depends_on": _EXPRESSION}),
        "resource": _RESOURCE,
        "data": _RESOURCE,
        "ephemeral": _RESOURCE,
        "module": Shape(
            ("name",),
            arguments={
                "source": _LITERAL,
                "version": _LITERAL,
                "providers": _EXPRESSION,
                "depends_on": _EXPRESSION,
            },
        ),
        "moved": Shape(arguments={"from": _EXPRESSION, "to": _EXPRESSION}),
        "removed": Shape(
            blocks={"lifecycle": _LIFECYCLE, "provisioner": _PROVISIONER, "connection": _CONNECTION},
            arguments={"from": _EXPRESSION},
        ),
        "import": Shape(arguments={"to": _EXPRESSION, "provider": _EXPRESSION}),
        "check": Shape(("name",), {"assert": _CONDITION, "data": _RESOURCE}),
    }
)

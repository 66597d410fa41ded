"""The types of the language, their notation in JSON, and their names in messages.

A type is an immutable value. `DYNAMIC` stands for "any type, to be found out from the value".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Primitive:
    """`string`, `number`, `bool`, or `dynamic`."""

    name: str


STRING: Final = Primitive("string")
NUMBER: Final = Primitive("number")
BOOL: Final = Primitive("bool")
DYNAMIC: Final = Primitive("dynamic")


@dataclass(frozen=True, slots=True)
class ListOf:
    """A sequence of elements of one type."""

    element: "Type"


@dataclass(frozen=True, slots=True)
class SetOf:
    """Distinct elements of one type, in an order of the language's own."""

    element: "Type"


@dataclass(frozen=True, slots=True)
class MapOf:
    """Elements of one type under string keys."""

    element: "Type"


@dataclass(frozen=True, slots=True)
class TupleOf:
    """A sequence of fixed length, each element with a type of its own."""

    elements: "tuple[Type, ...]"


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """Named attributes, each with a type of its own. `optional` ones may be left out of a value to be converted."""

    attributes: "Mapping[str, Type]"
    optional: frozenset[str] = field(default=frozenset())

    def __hash__(self) -> int:
        return hash((frozenset(self.attributes), self.optional))


Type = Primitive | ListOf | SetOf | MapOf | TupleOf | ObjectOf

_COLLECTIONS: Final[dict[str, Callable[[Type], Type]]] = {"list": ListOf, "set": SetOf, "map": MapOf}


def from_notation(notation: Any) -> Type:
    """Return the type written as in Terraform's JSON, such as `["list", "string"]`. Raises ValueError."""
    match notation:
        case "string":
            return STRING
        case "number":
            return NUMBER
        case "bool":
            return BOOL
        case "dynamic":
            return DYNAMIC
        case [("list" | "set" | "map") as kind, element]:
            return _COLLECTIONS[kind](from_notation(element))
        case ["tuple", list() as elements]:
            return TupleOf(tuple(from_notation(element) for element in elements))
        case ["object", dict() as attributes, *optional]:
            names = frozenset(optional[0]) if optional else frozenset()
            return ObjectOf({name: from_notation(inner) for name, inner in attributes.items()}, names)
    raise ValueError(f"not a type: {notation!r}")


def to_notation(type: Type) -> Any:
    """Return a type as Terraform's JSON writes it."""
    match type:
        case Primitive(name):
            return name
        case ListOf(element):
            return ["list", to_notation(element)]
        case SetOf(element):
            return ["set", to_notation(element)]
        case MapOf(element):
            return ["map", to_notation(element)]
        case TupleOf(elements):
            return ["tuple", [to_notation(element) for element in elements]]
        case ObjectOf(attributes, optional):
            members = {name: to_notation(attributes[name]) for name in sorted(attributes)}
            return ["object", members, sorted(optional)] if optional else ["object", members]


def friendly_name(type: Type) -> str:
    """Return a type as messages name it, such as `list of string`."""
    match type:
        case Primitive(name):
            return "dynamic" if name == "dynamic" else name
        case ListOf(element):
            return f"list of {_element_name(element)}"
        case SetOf(element):
            return f"set of {_element_name(element)}"
        case MapOf(element):
            return f"map of {_element_name(element)}"
        case TupleOf():
            return "tuple"
        case ObjectOf():
            return "object"


def _element_name(element: Type) -> str:
    return "any single type" if element == DYNAMIC else friendly_name(element)


def written(type: Type) -> str:
    """Return a type as `type =` in a variable block writes it, such as `list(string)`."""
    match type:
        case Primitive(name):
            return "any" if name == "dynamic" else name
        case ListOf(element):
            return f"list({written(element)})"
        case SetOf(element):
            return f"set({written(element)})"
        case MapOf(element):
            return f"map({written(element)})"
        case TupleOf(elements):
            return f"tuple([{', '.join(written(element) for element in elements)}])"
        case ObjectOf(attributes, optional):
            members = (
                f"{name}=optional({written(inner)})" if name in optional else f"{name}={written(inner)}"
                for name, inner in sorted(attributes.items())
            )
            return f"object({{{', '.join(members)}}})"

"""The values of the language.

Plain Python values where they say everything: `str` is a string, `bool` a bool, `int` a whole number, `tuple` a
tuple, `dict` an object. Classes of our own where they do not: `ListValue`, `SetValue` and `MapValue` know the type
of their elements even when empty, `Null` is a null of some type, `Unknown` a value known only after apply, and
`Marked` a value that carries marks such as "sensitive". A number that is not whole is an `mpfr` of gmpy2 with 512
bits (see `numbers`). In an object, an attribute that is absent and one that is null are different.

Values never change once made. Python's `==` must not be used on them (`True == 1`); `equal` compares.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, ObjectOf, SetOf, TupleOf, Type

Value: TypeAlias = Any
"""Any value of the language; Python's type system cannot say more without getting in the way."""

Path = tuple[str | int, ...]
Marks = frozenset[str]

SENSITIVE: Final = "sensitive"
EPHEMERAL: Final = "ephemeral"
NO_MARKS: Final[Marks] = frozenset()
SENSITIVE_MARKS: Final[Marks] = frozenset({SENSITIVE})
EPHEMERAL_MARKS: Final[Marks] = frozenset({EPHEMERAL})


class Null:
    """The absence of a value of some type."""

    __slots__ = ("type",)

    def __init__(self, type: Type = DYNAMIC) -> None:
        self.type = type

    def __repr__(self) -> str:
        return "NULL" if self.type is DYNAMIC else f"Null({self.type!r})"

    def __eq__(self, other: object) -> bool:
        return other.__class__ is Null

    def __hash__(self) -> int:
        return hash(Null)


NULL: Final = Null()


class Unknown:
    """A value that is known only after apply, and what is certain of it already.

    `not_null`: it will not be null. `prefix`: a text will begin so. `low`, `high`: a number will lie between them.
    `shortest`, `longest`: a collection will have that many elements. What follows from these, `ranges` tells.
    """

    __slots__ = ("high", "longest", "low", "not_null", "prefix", "shortest", "type")

    def __init__(
        self,
        type: Type = DYNAMIC,
        *,
        not_null: bool = False,
        prefix: str = "",
        low: Any = None,
        high: Any = None,
        shortest: int = 0,
        longest: int | None = None,
    ) -> None:
        self.type = type
        self.not_null = not_null and type is not DYNAMIC  # of what may be anything, nothing is certain
        self.prefix = prefix
        self.low = low
        self.high = high
        self.shortest = shortest
        self.longest = longest

    def __repr__(self) -> str:
        return f"Unknown({self.type!r})"


UNKNOWN: Final = Unknown()


class Marked:
    """A value with marks. Marks never nest: use `mark`, which merges them."""

    __slots__ = ("marks", "value")

    def __init__(self, value: Value, marks: Marks) -> None:
        self.value = value
        self.marks = marks

    def __repr__(self) -> str:
        return f"Marked(..., {sorted(self.marks)})"


class ListValue:
    """A list; all items have type `element`."""

    __slots__ = ("element", "items")

    def __init__(self, element: Type, items: Iterable[Value] = ()) -> None:
        self.element = element
        self.items = tuple(items)

    def __repr__(self) -> str:
        return f"ListValue({self.element!r}, {self.items!r})"


class SetValue:
    """A set; make one with `sets.make_set`, which puts its items in order and leaves out repeated ones."""

    __slots__ = ("element", "items")

    def __init__(self, element: Type, items: Iterable[Value] = ()) -> None:
        self.element = element
        self.items = tuple(items)

    def __repr__(self) -> str:
        return f"SetValue({self.element!r}, {self.items!r})"


class MapValue:
    """A map; all items have type `element`."""

    __slots__ = ("element", "items")

    def __init__(self, element: Type, items: Mapping[str, Value] | None = None) -> None:
        self.element = element
        self.items = dict(items or {})

    def __repr__(self) -> str:
        return f"MapValue({self.element!r}, {self.items!r})"


def type_of(value: Value) -> Type:
    """Return the type of a value; marks make no difference."""
    kind = value.__class__
    if kind is str:
        return STRING
    if kind is bool:
        return BOOL
    if kind is int:
        return NUMBER
    if kind is Null or kind is Unknown:
        found: Type = value.type
        return found
    if kind is Marked:
        return type_of(value.value)
    if kind is ListValue:
        return ListOf(value.element)
    if kind is MapValue:
        return MapOf(value.element)
    if kind is SetValue:
        return SetOf(value.element)
    if kind is tuple:
        return TupleOf(tuple(map(type_of, value)))
    if kind is dict:
        return ObjectOf({name: type_of(item) for name, item in value.items()})
    return NUMBER


def is_number(value: Value) -> bool:
    """Return whether an unmarked, known, non-null value is a number."""
    return value.__class__ is int or (type_of(value) is NUMBER and value.__class__ not in (Null, Unknown))


def is_null(value: Value) -> bool:
    """Return whether a value is null, marked or not."""
    return value.__class__ is Null or (value.__class__ is Marked and value.value.__class__ is Null)


def is_unknown(value: Value) -> bool:
    """Return whether a value itself is unknown, marked or not; what it contains does not count."""
    return value.__class__ is Unknown or (value.__class__ is Marked and value.value.__class__ is Unknown)


def is_sensitive(value: Value) -> bool:
    """Return whether a value itself is marked sensitive."""
    return value.__class__ is Marked and SENSITIVE in value.marks


def mark(value: Value, marks: Marks) -> Value:
    """Return `value` with `marks` added to those it has."""
    if not marks:
        return value
    if value.__class__ is Marked:
        return value if marks <= value.marks else Marked(value.value, value.marks | marks)
    return Marked(value, marks)


def unmark(value: Value) -> tuple[Value, Marks]:
    """Return a value without its own marks, and these; what it contains keeps its marks."""
    if value.__class__ is Marked:
        return value.value, value.marks
    return value, NO_MARKS


def children(value: Value) -> Iterator[tuple[str | int, Value]]:
    """Yield what a known, unmarked value contains, with the key or position of each."""
    kind = value.__class__
    if kind is dict:
        yield from value.items()
    elif kind is MapValue:
        yield from value.items.items()
    elif kind is tuple:
        yield from enumerate(value)
    elif kind is ListValue or kind is SetValue:
        yield from enumerate(value.items)


def rebuild(value: Value, change: Callable[[str | int, Value], Value]) -> Value:
    """Return a known, unmarked value with each child replaced by `change(key, child)`; primitives as they are."""
    kind = value.__class__
    if kind is dict:
        return {key: change(key, item) for key, item in value.items()}
    if kind is tuple:
        return tuple(change(position, item) for position, item in enumerate(value))
    if kind is MapValue:
        return MapValue(value.element, {key: change(key, item) for key, item in value.items.items()})
    if kind is ListValue or kind is SetValue:
        return kind(value.element, (change(position, item) for position, item in enumerate(value.items)))
    return value


def unmark_deep(value: Value) -> tuple[Value, Marks]:
    """Return a value without any marks, inside either, and the union of all that were there."""
    if value.__class__ in _ATOMS:
        return value, NO_MARKS
    found: set[str] = set()

    def strip(_: object, item: Value) -> Value:
        if item.__class__ is Marked:
            found.update(item.marks)
            item = item.value
        return rebuild(item, strip) if item.__class__ in _CONTAINERS else item

    return strip(None, value), frozenset(found)


def marked_paths(value: Value, name: str, path: Path = ()) -> Iterator[Path]:
    """Yield the paths of all values that carry the mark `name`; one may stand inside of another."""
    if value.__class__ is Marked:
        if name in value.marks:
            yield path
        value = value.value
    for key, item in children(value):
        yield from marked_paths(item, name, (*path, key))


def has_mark(value: Value, name: str) -> bool:
    """Return whether a value, or anything inside it, carries the mark `name`."""
    return next(marked_paths(value, name), None) is not None


def mark_path(value: Value, path: Path, marks: Marks) -> Value:
    """Return `value` with `marks` added at `path`; a path that leads nowhere changes nothing."""
    if not path:
        return mark(value, marks)
    inner, own = unmark(value)
    first, rest = path[0], path[1:]
    changed = rebuild(inner, lambda key, item: mark_path(item, rest, marks) if key == first else item)
    return mark(changed, own)


def secret_texts(value: Value, *, secret: bool = False) -> Iterator[str]:
    """Yield every string inside a value that is marked sensitive, itself or by what it stands in."""
    if value.__class__ is Marked:
        secret = secret or SENSITIVE in value.marks
        value = value.value
    if value.__class__ is str:
        if secret:
            yield value
        return
    for _, item in children(value):
        yield from secret_texts(item, secret=secret)


def wholly_known(value: Value) -> bool:
    """Return whether nothing inside a value is unknown."""
    kind = value.__class__
    if kind is Unknown:
        return False
    if kind is Marked:
        return wholly_known(value.value)
    return all(wholly_known(item) for _, item in children(value))


def equal(one: Value, other: Value) -> bool:
    """Return whether two wholly known values are the same: of one type and, marks aside, of equal content."""
    one, other = unmark(one)[0], unmark(other)[0]
    kind = one.__class__
    if kind is Null or other.__class__ is Null:
        return kind is other.__class__
    if kind is not other.__class__:
        # One number may be an `int` and the other an `mpfr` of less precision, see `numbers`.
        return is_number(one) and is_number(other) and bool(one == other)
    if kind is Unknown:
        return one is other
    if kind is dict:
        return one.keys() == other.keys() and all(equal(item, other[key]) for key, item in one.items())
    if kind is tuple:
        return len(one) == len(other) and all(map(equal, one, other))
    if kind is MapValue:
        return bool(one.element == other.element) and equal(one.items, other.items)
    if kind is ListValue or kind is SetValue:
        return bool(one.element == other.element) and equal(one.items, other.items)
    return bool(one == other)


_CONTAINERS: Final = frozenset({dict, tuple, MapValue, ListValue, SetValue})
_ATOMS: Final = frozenset({str, bool, int, Null, Unknown})

"""Union, intersection and difference of sets. Their elements are converted to one type first."""

from collections.abc import Callable
from typing import Final

from engine.lang.convert import convert, unify
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.sets import make_set
from engine.lang.types import DYNAMIC, SetOf, Type
from engine.lang.values import Unknown, Value, equal, is_unknown, type_of


def _common_type(*types: Type) -> Type:
    elements = [kind.element for kind in types if isinstance(kind, SetOf)]
    common = unify(elements)
    if common is None:
        raise FunctionError("given sets must all have compatible element types")
    return SetOf(common)


def _in_one_type(sets: tuple[Value, ...]) -> tuple[Type, list[Value]]:
    """Return the element type that the sets have in common, and the sets with such elements."""
    # An empty tuple has elements of any type; it must not decide.
    typed = [type_of(value) for value in sets if value.items or value.element != DYNAMIC]
    wanted = _common_type(*typed)
    return wanted.element if isinstance(wanted, SetOf) else DYNAMIC, [convert(value, wanted) for value in sets]


def _contains(value: Value, item: Value) -> bool:
    return any(equal(item, other) for other in value.items)


def _setunion(*sets: Value) -> Value:
    if any(map(is_unknown, sets)):
        return Unknown(_common_type(*map(type_of, sets)), not_null=True)
    element, converted = _in_one_type(sets)
    return make_set(element, [item for value in converted for item in value.items])


def _setintersection(*sets: Value) -> Value:
    element, (first, *others) = _in_one_type(sets)
    return make_set(element, [item for item in first.items if all(_contains(other, item) for other in others)])


def _setsubtract(minuend: Value, subtrahend: Value) -> Value:
    element, (first, second) = _in_one_type((minuend, subtrahend))
    return make_set(element, [item for item in first.items if not _contains(second, item)])


_SET: Final = SetOf(DYNAMIC)


def _of_sets(name: str, call: Callable[..., Value], description: str, *, allow_unknown: bool = False) -> Function:
    first, others = (
        Parameter(parameter, _SET, allow_unknown=allow_unknown) for parameter in ("first_set", "other_sets")
    )
    return Function(name, (first,), call, others, _common_type, description, _SET)


FUNCTIONS: Final[tuple[Function, ...]] = (
    _of_sets("setintersection", _setintersection, "The elements that all of several sets have."),
    Function(
        "setsubtract",
        (Parameter("a", _SET), Parameter("b", _SET)),
        _setsubtract,
        result=_common_type,
        returns=_SET,
        description="The elements of one set that another does not have.",
    ),
    _of_sets("setunion", _setunion, "The elements of several sets as one set.", allow_unknown=True),
)

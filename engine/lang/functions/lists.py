"""Functions over lists whose elements have one type: tests, search, order, and division into parts."""

from typing import Final

from engine.lang.convert import convert, unify
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.functions.numbers import whole_number
from engine.lang.functions.sequences import items_of
from engine.lang.numbers import Number
from engine.lang.operators import equals
from engine.lang.ranges import lengths_of, unknown_collection
from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, TupleOf, Type
from engine.lang.values import (
    ListValue,
    MapValue,
    Unknown,
    Value,
    equal,
    is_null,
    is_unknown,
    type_of,
    wholly_known,
)


def _alltrue(flags: Value) -> Value:
    if is_unknown(flags):
        return Unknown(BOOL, not_null=True)
    for flag in flags.items:
        if flag is not True:
            return Unknown(BOOL, not_null=True) if is_unknown(flag) else False
    return True


def _anytrue(flags: Value) -> Value:
    if is_unknown(flags):
        return Unknown(BOOL, not_null=True)
    if any(flag is True for flag in flags.items):
        return True
    return Unknown(BOOL, not_null=True) if any(map(is_unknown, flags.items)) else False


def _chunklist_type(items: Type, size: Type) -> Type:
    return ListOf(items)


def _chunklist(items: Value, size: Number) -> Value:
    length = whole_number(size, what="invalid size: ")
    if length < 0:
        raise FunctionError("the size argument must be positive")
    length = length or len(items.items) or 1  # zero asks for one chunk with everything
    starts = range(0, len(items.items), length)
    chunks = [ListValue(items.element, items.items[start : start + length]) for start in starts]
    return ListValue(ListOf(items.element), chunks)


def _coalescelist_type(*types: Type) -> Type:
    for kind in types:
        if not isinstance(kind, ListOf | TupleOf):
            raise FunctionError("coalescelist arguments must be lists or tuples")
    return types[0] if all(kind == types[0] for kind in types) else DYNAMIC


def _coalescelist(*sequences: Value) -> Value:
    if not sequences:
        raise FunctionError("at least one argument is required")
    types = [type_of(sequence) for sequence in sequences]
    untyped = any(is_unknown(sequence) and type_of(sequence) == DYNAMIC for sequence in sequences)
    wanted = DYNAMIC if untyped else _coalescelist_type(*types)
    for sequence in sequences:
        if is_unknown(sequence):
            return Unknown(wanted)
        if items_of(sequence):
            return sequence
    raise FunctionError("no non-null arguments")


def _index_type(sequence: Type, value: Type) -> Type:
    if not isinstance(sequence, ListOf | TupleOf):
        raise FunctionError("argument must be a list or tuple")
    return NUMBER


def _index(sequence: Value, value: Value) -> Value:
    if type_of(sequence) == DYNAMIC:
        return Unknown(NUMBER, not_null=True)
    _index_type(type_of(sequence), type_of(value))
    if is_unknown(sequence) or is_unknown(value):
        return Unknown(NUMBER, not_null=True)
    items = items_of(sequence) or ()
    if not items:
        raise FunctionError("cannot search an empty list")
    for position, item in enumerate(items):
        same = equals(item, value)
        if is_unknown(same):
            return Unknown(NUMBER, not_null=True)
        if same:
            return position
    raise FunctionError("item not found")


def _matchkeys_type(values: Type, keys: Type, wanted: Type) -> Type:
    if unify((keys, wanted)) is None:
        raise FunctionError("keys and searchset must be of the same type")
    return values


def _matchkeys(values: Value, keys: Value, wanted: Value) -> Value:
    _matchkeys_type(*map(type_of, (values, keys, wanted)))
    if len(values.items) != len(keys.items):
        raise FunctionError("length of keys and values should be equal")
    common = unify((type_of(keys), type_of(wanted))) or DYNAMIC
    searched = convert(wanted, common).items
    pairs = zip(values.items, convert(keys, common).items, strict=True)
    return ListValue(values.element, [value for value, key in pairs if any(equal(key, item) for item in searched)])


def _sort(strings: Value) -> Value:
    if not wholly_known(strings):
        return unknown_collection(ListOf(STRING), lengths_of(strings))
    for position, item in enumerate(strings.items):
        if is_null(item):
            raise FunctionError(f"given list element {position} is null; a null string cannot be sorted")
    return ListValue(STRING, sorted(strings.items))


def _transpose(lists: Value) -> Value:
    found: dict[str, list[str]] = {}
    for key in sorted(lists.items):
        if is_null(lists.items[key]):
            raise FunctionError("input must not contain null list")
        for item in lists.items[key].items:
            if is_null(item):
                raise FunctionError("input list must not contain null string")
            found.setdefault(item, []).append(key)
    return MapValue(ListOf(STRING), {item: ListValue(STRING, found[item]) for item in sorted(found)})


_FLAGS = (Parameter("list", ListOf(BOOL), allow_unknown=True),)

FUNCTIONS: Final[tuple[Function, ...]] = (
    Function("alltrue", _FLAGS, _alltrue, result=BOOL, description="Whether all elements of a list are true."),
    Function("anytrue", _FLAGS, _anytrue, result=BOOL, description="Whether one element of a list is true."),
    Function(
        "chunklist",
        (
            Parameter("list", ListOf(DYNAMIC), allow_inside=True),
            Parameter("size", NUMBER, description="The greatest number of elements in a chunk; 0 for no bound."),
        ),
        _chunklist,
        result=_chunklist_type,
        returns=ListOf(ListOf(DYNAMIC)),
        description="A list cut into lists of one length; the last may be shorter.",
    ),
    Function(
        "coalescelist",
        (),
        _coalescelist,
        Parameter("vals", allow_null=True, allow_unknown=True),
        description="The first list that is not empty.",
        nullable=True,
    ),
    Function(
        "index",
        (Parameter("list", allow_unknown=True), Parameter("value", allow_unknown=True)),
        _index,
        result=_index_type,
        description="The position of the first element that equals a value.",
    ),
    Function(
        "matchkeys",
        (
            Parameter("values", ListOf(DYNAMIC)),
            Parameter("keys", ListOf(DYNAMIC), description="As many as there are values."),
            Parameter("searchset", ListOf(DYNAMIC), description="The keys whose values are wanted."),
        ),
        _matchkeys,
        result=_matchkeys_type,
        returns=ListOf(DYNAMIC),
        description="The values whose keys, at the same position of another list, are among those searched for.",
    ),
    Function(
        "sort",
        (Parameter("list", ListOf(STRING), allow_unknown=True),),
        _sort,
        result=ListOf(STRING),
        description="Texts in the order of their characters' numbers.",
    ),
    Function(
        "transpose",
        (Parameter("values", MapOf(ListOf(STRING))),),
        _transpose,
        result=MapOf(ListOf(STRING)),
        description="A map of lists turned round: for each text the keys whose lists hold it.",
    ),
)

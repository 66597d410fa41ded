"""Functions over lists, sets and tuples. Tuples stay tuples where each element keeps its type."""

from itertools import product
from typing import Final

from engine.lang.convert import ConversionError, convert, unify
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.functions.numbers import whole_number
from engine.lang.numbers import Number
from engine.lang.operators import equals
from engine.lang.ranges import lengths_of
from engine.lang.sets import make_set
from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, SetOf, TupleOf, Type, friendly_name
from engine.lang.values import (
    NO_MARKS,
    ListValue,
    Marks,
    Null,
    SetValue,
    Unknown,
    Value,
    equal,
    is_unknown,
    mark,
    type_of,
    unmark,
)


def items_of(value: Value) -> tuple[Value, ...] | None:
    """Return what a known, unmarked list, set or tuple holds, None for any other value."""
    if value.__class__ in (ListValue, SetValue):
        value = value.items
    return value if value.__class__ is tuple else None


def _concat_type(*types: Type) -> Type:
    for position, kind in enumerate(types):
        if not isinstance(kind, ListOf | TupleOf):
            message = f"all arguments must be lists or tuples; got {friendly_name(kind)}"
            raise FunctionError(message, position)
    common = unify(types) if all(isinstance(kind, ListOf) for kind in types) else None
    if common is not None:
        return common
    if any(isinstance(kind, ListOf) for kind in types):
        return DYNAMIC  # an unknown list has an unknown number of elements
    return TupleOf(tuple(element for kind in types if isinstance(kind, TupleOf) for element in kind.elements))


def _concat(*sequences: Value) -> Value:
    if not sequences:
        raise FunctionError("at least one argument is required")
    wanted = _concat_type(*map(type_of, sequences))
    if not isinstance(wanted, ListOf):
        return tuple(item for sequence in sequences for item in items_of(sequence) or ())
    converted = [convert(sequence, wanted) for sequence in sequences]
    return ListValue(wanted.element, [item for sequence in converted for item in sequence.items])


def _contains(sequence: Value, wanted: Value) -> Value:
    if type_of(sequence) != DYNAMIC and not isinstance(type_of(sequence), ListOf | SetOf | TupleOf):
        raise FunctionError("argument must be list, tuple, or set")
    items = items_of(sequence)
    if items is None or is_unknown(wanted):
        return Unknown(BOOL, not_null=True)
    answers = [equals(wanted, item) for item in items]
    if True in answers:
        return True
    return Unknown(BOOL, not_null=True) if any(map(is_unknown, answers)) else False


def _compact(strings: Value) -> Value:
    return ListValue(STRING, [item for item in strings.items if item.__class__ is not Null and item != ""])


def _distinct(sequence: Value) -> Value:
    found: list[Value] = []
    seen: set[object] = set()
    for item in sequence.items:
        if item.__class__ in (str, int, bool):
            if item not in seen:  # elements have one type, so True and 1 never meet
                seen.add(item)
                found.append(item)
        elif not any(equal(item, other) for other in found):
            found.append(item)
    return ListValue(sequence.element, found)


def _distinct_type(sequence: Type) -> Type:
    return sequence


def _element_type(sequence: Type, index: Type) -> Type:
    if isinstance(sequence, ListOf):
        return sequence.element
    if isinstance(sequence, TupleOf):
        return DYNAMIC  # which one depends on the index
    raise FunctionError(f"cannot read elements from {friendly_name(sequence)}")


def _element(sequence: Value, index: Number) -> Value:
    _element_type(type_of(sequence), NUMBER)
    items = items_of(sequence) or ()
    position = whole_number(index, what="invalid index: ")
    if not items:
        raise FunctionError("cannot use element function with an empty list")
    if position < 0:
        raise FunctionError("cannot use element function with a negative index")
    return items[position % len(items)]


def _flatten(sequence: Value) -> Value:
    items = items_of(sequence)
    if items is None:
        raise FunctionError("can only flatten lists, sets and tuples")
    if not _has_known_length(sequence):
        return Unknown()
    found, marks = _flattened(items)
    return mark(Unknown() if found is None else tuple(found), marks)


def _has_known_length(sequence: Value) -> bool:
    shortest, longest = lengths_of(sequence)
    return shortest == longest


def _flattened(items: tuple[Value, ...]) -> tuple[list[Value] | None, Marks]:
    """Return the elements of nested sequences, None while their number is unknown, and the marks the sequences had."""
    found: list[Value] | None = []
    marks: Marks = NO_MARKS
    for item in items:
        plain, own = unmark(item)
        inner = items_of(plain)
        flat: list[Value] | None = [item]
        if inner is not None:
            flat, deeper = _flattened(inner) if _has_known_length(plain) else (None, NO_MARKS)
            marks |= own | deeper
        elif plain.__class__ is Unknown and (plain.type == DYNAMIC or isinstance(plain.type, _SEQUENCES)):
            flat = None  # it may turn out to be a sequence
            marks |= own
        found = None if found is None or flat is None else [*found, *flat]
    return found, marks


_SEQUENCES = (ListOf, SetOf, TupleOf)


def _one_type(sequence: Type) -> Type:
    if isinstance(sequence, ListOf | SetOf):
        return sequence.element
    if isinstance(sequence, TupleOf) and len(sequence.elements) < 2:
        return sequence.elements[0] if sequence.elements else DYNAMIC
    raise FunctionError("must be a list, set, or tuple value with either zero or one elements", 0)


def _one(sequence: Value) -> Value:
    wanted = _one_type(type_of(sequence))
    items = items_of(sequence) or ()
    if not _has_known_length(sequence):
        return Unknown(wanted)
    if len(items) > 1:
        raise FunctionError("must be a list, set, or tuple value with either zero or one elements", 0)
    return items[0] if items else Null(wanted)


def _reverse_type(sequence: Type) -> Type:
    if isinstance(sequence, ListOf | SetOf):
        return ListOf(sequence.element)
    if isinstance(sequence, TupleOf):
        return TupleOf(tuple(reversed(sequence.elements)))
    raise FunctionError(f"can only reverse list or tuple values, not {friendly_name(sequence)}", 0)


def _reverse(sequence: Value) -> Value:
    wanted = _reverse_type(type_of(sequence))
    items = tuple(reversed(items_of(sequence) or ()))
    return ListValue(wanted.element, items) if isinstance(wanted, ListOf) else items


def _slice_type(sequence: Type, start: Type, end: Type) -> Type:
    if isinstance(sequence, ListOf):
        return sequence
    if isinstance(sequence, SetOf):
        raise FunctionError(
            "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the "
            "ordering of the result is not important",
            0,
        )
    if not isinstance(sequence, TupleOf):
        raise FunctionError("must be a list or tuple value", 0)
    return DYNAMIC


def _slice(sequence: Value, start: Number, end: Number) -> Value:
    _slice_type(type_of(sequence), NUMBER, NUMBER)
    items = items_of(sequence) or ()
    first = _slice_index(start, 1, "start", len(items))
    last = _slice_index(end, 2, "end", len(items))
    if first > last:
        raise FunctionError("start index must not be greater than end index", 1)
    return ListValue(sequence.element, items[first:last]) if sequence.__class__ is ListValue else items[first:last]


def _slice_index(number: Number, argument: int, name: str, length: int) -> int:
    index = whole_number(number, argument, f"invalid {name} index: ")
    if index < 0:
        raise FunctionError(f"{name} index must not be less than zero", argument)
    if index > length:
        raise FunctionError(f"{name} index must not be greater than the length of the list", argument)
    return index


def _setproduct_type(*types: Type) -> ListOf | SetOf:
    if len(types) < 2:
        raise FunctionError("at least two arguments are required")
    row = TupleOf(tuple(_factor_element(kind, position) for position, kind in enumerate(types)))
    return ListOf(row) if all(isinstance(kind, ListOf | TupleOf) for kind in types) else SetOf(row)


def _factor_element(kind: Type, position: int) -> Type:
    if isinstance(kind, ListOf | SetOf):
        return kind.element
    if not isinstance(kind, TupleOf):
        raise FunctionError("a set or a list is required", position)
    common = unify(kind.elements)
    if common is None:
        raise FunctionError("all elements must be of the same type", position)
    return common


def _setproduct(*factors: Value) -> Value:
    wanted = _setproduct_type(*map(type_of, factors))
    rows = list(product(*[_factor_items(factor, position) for position, factor in enumerate(factors)]))
    return ListValue(wanted.element, rows) if isinstance(wanted, ListOf) else make_set(wanted.element, rows)


def _factor_items(factor: Value, position: int) -> list[Value]:
    element = _factor_element(type_of(factor), position)
    try:
        return [convert(item, element) for item in items_of(factor) or ()]
    except ConversionError:
        raise FunctionError("all elements must be of the same type", position) from None


_SEQUENCE = Parameter("list", allow_inside=True)

FUNCTIONS: Final[tuple[Function, ...]] = (
    Function(
        "compact",
        (Parameter("list", ListOf(STRING)),),
        _compact,
        result=ListOf(STRING),
        description="A list of texts without those that are null or empty.",
    ),
    Function(
        "concat",
        (),
        _concat,
        Parameter("seqs", allow_inside=True),
        _concat_type,
        "Lists or tuples one after the other, as one.",
    ),
    Function(
        "contains",
        (Parameter("list", allow_unknown=True), Parameter("value", allow_unknown=True)),
        _contains,
        result=BOOL,
        returns=DYNAMIC,
        description="Whether one of the elements equals a value.",
    ),
    Function(
        "distinct",
        (Parameter("list", ListOf(DYNAMIC)),),
        _distinct,
        result=_distinct_type,
        returns=ListOf(DYNAMIC),
        description="A list without the elements that came before.",
    ),
    Function(
        "element",
        (_SEQUENCE, Parameter("index", NUMBER)),
        _element,
        result=_element_type,
        nullable=True,
        description="The element at an index, counting round and round.",
    ),
    Function("flatten", (_SEQUENCE,), _flatten, description="The elements of nested sequences as one tuple."),
    Function(
        "one",
        (_SEQUENCE,),
        _one,
        result=_one_type,
        nullable=True,
        description="The only element of a sequence, or null when it has none.",
    ),
    Function("reverse", (_SEQUENCE,), _reverse, result=_reverse_type, description="A sequence from back to front."),
    Function(
        "setproduct",
        (),
        _setproduct,
        Parameter("sets", allow_inside=True),
        _setproduct_type,
        "All combinations of one element of each sequence.",
    ),
    Function(
        "slice",
        (_SEQUENCE, Parameter("start_index", NUMBER), Parameter("end_index", NUMBER)),
        _slice,
        result=_slice_type,
        description="The elements from one index to before another.",
    ),
)

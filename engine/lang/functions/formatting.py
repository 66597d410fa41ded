"""`format` and `formatlist`: values written into a text by verbs such as `%5.2f`, as Go's fmt package writes them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from engine.lang import numbers
from engine.lang.convert import ConversionError, convert, normalize
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.functions.encoding import json_text
from engine.lang.functions.strings import grapheme_length, graphemes
from engine.lang.numbers import Number
from engine.lang.ranges import unknown_text
from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, SetOf, TupleOf, Type
from engine.lang.values import ListValue, Null, SetValue, Unknown, Value, is_unknown, type_of, wholly_known

MAX_WIDTH: Final = 1_000_000  # the bound that Go's fmt package has

_VERB = re.compile(
    r"%(?P<flags>[-+ 0#]*)(?P<width>[1-9]\d*)?(?:\.(?P<precision>\d+))?"
    r"(?:\[(?P<number>[1-9]\d*)\])?(?P<mode>[a-zA-Z%])",
    re.ASCII,
)
_PARTIAL_VERB = re.compile(r"%[-+ 0#]*(?:[1-9]\d*)?(?:\.\d*)?(?:\[(?:[1-9]\d*\]?)?)?", re.ASCII)
_BASES: Final = {"b": ("b", "0b"), "d": ("d", ""), "o": ("o", "0"), "x": ("x", "0x"), "X": ("X", "0X")}


@dataclass(frozen=True, slots=True)
class _Verb:
    """One verb of a format. `width` and `precision` are None where it does not say."""

    raw: str
    offset: int
    mode: str
    flags: str
    width: int | None
    precision: int | None
    number: int  # of the argument, from 1

    def error(self, problem: str) -> FunctionError:
        return FunctionError(f'unsupported value for "{self.raw}" at {self.offset}: {problem}')

    def padded(self, text: str) -> str:
        missing = (self.width or 0) - grapheme_length(text)
        padding = ("0" if "0" in self.flags else " ") * missing
        return text + padding if "-" in self.flags else padding + text


def _format(template: str, *arguments: Value) -> Value:
    if not all(map(wholly_known, arguments)):
        return unknown_text(template.partition("%")[0])
    return _formatted(template, arguments)


def _formatted(template: str, arguments: Sequence[Value]) -> str:
    pieces: list[str] = []
    position = used = following = 0
    while (start := template.find("%", position)) >= 0:
        pieces.append(template[position:start])
        verb = _read_verb(template, start, following + 1)
        if verb.mode == "%":
            pieces.append("%")
        else:
            following = verb.number
            used = max(used, verb.number)
            pieces.append(_write(verb, arguments))
        position = start + len(verb.raw)
    if used < len(arguments):
        count = f"only {used} used by format string" if used else "no verbs in format string"
        raise FunctionError(f"too many arguments; {count}", used + 1)
    return normalize("".join([*pieces, template[position:]]))


def _read_verb(template: str, start: int, number: int) -> _Verb:
    offset = len(template[:start].encode())
    found = _VERB.match(template, start)
    if found is None or (found["mode"] == "%" and len(found[0]) > 2):
        partial = _PARTIAL_VERB.match(template, start)
        end = partial.end() if partial else start + 1
        offset += end - start
        if end < len(template):
            raise FunctionError(f"unrecognized format character '{template[end]}' at offset {offset}")
        raise FunctionError(f"invalid format string starting at offset {offset}")
    width, precision = (int(text) if text else None for text in (found["width"], found["precision"]))
    if max(width or 0, precision or 0) > MAX_WIDTH:
        raise FunctionError(f'a width or precision in "{found[0]}" is greater than {MAX_WIDTH}')
    number = int(found["number"]) if found["number"] else number
    return _Verb(found[0], offset, found["mode"], found["flags"], width, precision, number)


def _write(verb: _Verb, arguments: Sequence[Value]) -> str:
    if verb.number > len(arguments):
        raise FunctionError(
            f'not enough arguments for "{verb.raw}" at {verb.offset}: need index {verb.number} but have '
            f"{len(arguments)} total"
        )
    write = _WRITERS.get(verb.mode)
    if write is None:
        raise FunctionError(f"unsupported format verb '{verb.mode}' in \"{verb.raw}\" at offset {verb.offset}")
    value = arguments[verb.number - 1]
    if value.__class__ is Null and verb.mode != "v":
        raise verb.error("null value cannot be formatted")
    return write(verb, value)


def _write_any(verb: _Verb, value: Value) -> str:
    actual = type_of(value)
    if "#" not in verb.flags and value.__class__ is not Null and actual in (STRING, NUMBER):
        return verb.padded(value if actual is STRING else _general(value, None, "e"))
    return verb.padded(json_text(value))


def _write_bool(verb: _Verb, value: Value) -> str:
    return "true" if _wanted(verb, value, BOOL) else "false"


def _write_text(verb: _Verb, value: Value) -> str:
    text: str = _wanted(verb, value, STRING)
    if verb.precision:
        text = "".join(graphemes(text)[: verb.precision])
    return verb.padded(json_text(text) if verb.mode == "q" else text)


def _wanted(verb: _Verb, value: Value, wanted: Type) -> Value:
    try:
        return convert(value, wanted)
    except ConversionError as problem:
        raise verb.error(problem.message) from None


def _write_whole(verb: _Verb, value: Value) -> str:
    number = _wanted(verb, value, NUMBER)
    whole = numbers.whole(number)
    if whole is None:
        raise verb.error("an integer is required")
    base, prefix = _BASES[verb.mode]
    digits = format(abs(whole), base)
    if verb.precision is not None:
        if verb.precision == 0 and whole == 0:
            return ""
        digits = digits.rjust(verb.precision, "0")
    sign = _sign(verb, whole < 0)
    return _pad_number(verb, sign + (prefix if "#" in verb.flags else ""), digits, verb.precision is None)


def _write_fraction(verb: _Verb, value: Value) -> str:
    number = _wanted(verb, value, NUMBER)
    negative = number < 0
    number = numbers.negate(number) if negative else number
    if numbers.is_infinite(number):
        plus = " " if " " in verb.flags else "+"
        return _pad_number(verb, "-" if negative else plus, "Inf", False)
    precision = 6 if verb.precision is None else verb.precision
    if verb.mode == "f":
        digits = numbers.fixed(number, precision)
    elif verb.mode in "eE":
        digits = _exponent_form(*numbers.scientific(number, precision + 1), verb.mode)
    else:
        digits = _general(number, verb.precision, "e" if verb.mode == "g" else "E")
    return _pad_number(verb, _sign(verb, negative), digits, True)


def _sign(verb: _Verb, negative: bool) -> str:
    if negative:
        return "-"
    return "+" if "+" in verb.flags else " " if " " in verb.flags else ""


def _pad_number(verb: _Verb, sign: str, digits: str, zeros_allowed: bool) -> str:
    width = verb.width or 0
    if "-" in verb.flags:
        return (sign + digits).ljust(width)
    if "0" in verb.flags and zeros_allowed:
        return sign + digits.rjust(width - len(sign), "0")
    return (sign + digits).rjust(width)


def _exponent_form(digits: str, exponent: int, letter: str) -> str:
    """Return `d.ddde+dd`."""
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}{letter}{exponent:+03d}"


def _general(number: Number, precision: int | None, letter: str) -> str:
    """Return a number as `%g` writes it: with an exponent when that is small or large, and no digit too many."""
    if numbers.is_infinite(number):
        return "-Inf" if number < 0 else "+Inf"
    if number < 0:
        return "-" + _general(numbers.negate(number), precision, letter)
    digits, exponent = numbers.scientific(number, None if precision is None else max(precision, 1))
    digits = digits.rstrip("0") or "0"
    limit = 6 if precision is None else max(precision, 1)
    if precision is not None and limit > len(digits) >= exponent + 1:
        limit = len(digits)
    if exponent < -4 or exponent >= limit:
        return _exponent_form(digits, exponent, letter)
    return numbers.fixed(number, max(len(digits) - exponent - 1, 0))


_WRITERS: Final[dict[str, Callable[[_Verb, Value], str]]] = {
    "v": _write_any,
    "t": _write_bool,
    **dict.fromkeys("sq", _write_text),
    **dict.fromkeys("bdoxX", _write_whole),
    **dict.fromkeys("eEfgG", _write_fraction),
}


def _formatlist(template: str, *arguments: Value) -> Value:
    if not arguments:
        return ListValue(STRING, (_formatted(template, ()),))
    columns = [_items(argument) for argument in arguments]
    count = _common_length(columns)
    if any(map(_has_unknown_length, arguments)):
        return Unknown(ListOf(STRING), not_null=True)
    rows = [
        [argument if column is None else column[row] for argument, column in zip(arguments, columns, strict=True)]
        for row in range(count)
    ]
    return ListValue(STRING, [_format_row(template, row, number) for number, row in enumerate(rows)])


def _items(argument: Value) -> tuple[Value, ...] | None:
    """Return what a sequence holds, or None for a value that goes into every row."""
    if argument.__class__ in (ListValue, SetValue):
        argument = argument.items
    return argument if argument.__class__ is tuple else None


def _has_unknown_length(argument: Value) -> bool:
    sequence = isinstance(type_of(argument), ListOf | SetOf | TupleOf) or type_of(argument) == DYNAMIC
    return is_unknown(argument) and sequence


def _common_length(columns: Sequence[tuple[Value, ...] | None]) -> int:
    """Return how many rows the columns have, 1 when there are only single values. Raises FunctionError."""
    lengths = [(position, len(column)) for position, column in enumerate(columns, 1) if column is not None]
    if not lengths:
        return 1
    first, count = lengths[0]
    for position, length in lengths:
        if length != count:
            raise FunctionError(
                f"argument {position} has length {length}, which is inconsistent with argument {first} of length "
                f"{count}",
                position,
            )
    return count


def _format_row(template: str, row: Sequence[Value], number: int) -> Value:
    if not all(map(wholly_known, row)):
        return Unknown(STRING, not_null=True)
    try:
        return _formatted(template, row)
    except FunctionError as problem:
        raise FunctionError(f"error on format iteration {number}: {problem.message}") from None


_TEMPLATE = Parameter("format", STRING)
_ARGUMENTS = Parameter("args", allow_null=True, allow_unknown=True)

FUNCTIONS: Final[tuple[Function, ...]] = (
    Function(
        "format",
        (_TEMPLATE,),
        _format,
        _ARGUMENTS,
        STRING,
        "A text with values written in by verbs such as %s and %5.2f.",
        returns=DYNAMIC,
    ),
    Function(
        "formatlist",
        (_TEMPLATE,),
        _formatlist,
        _ARGUMENTS,
        ListOf(STRING),
        "A text per element of lists, each written as `format` does.",
        returns=DYNAMIC,
    ),
)

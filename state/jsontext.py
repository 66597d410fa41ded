"""JSON text <-> JSON trees, exactly: every number keeps its value, every text is written as Go's encoder does.

The standard parser reads. Writing is done here because the standard encoder rounds decimal numbers and
is slow when it indents. What the trees mean stays out.
"""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from json.encoder import encode_basestring, encode_basestring_ascii

Json = None | bool | int | float | Decimal | str | list["Json"] | dict[str, "Json"]
"""A JSON tree. Whole numbers are int, others Decimal; a number of thousands of digits is a Decimal too."""

MAX_BYTES = 512 * 1024 * 1024
MAX_DEPTH = 200

_LONGEST_PLAIN = 10_000  # digits; a number with an exponent beyond that is written with the exponent
_FOR_GO = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(data: bytes) -> Json:
    """Return the tree that `data` spells.

    Raises ValueError, which says what is wrong, when the data is not UTF-8, not JSON, too large, nested too deeply, or
    holds a number that JSON does not have.
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"it has {len(data)} bytes, more than the {MAX_BYTES} that are read")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 text at byte {error.start}") from None
    tree = _parse_text(text)
    _check_depth(tree)
    return tree


def render(value: Json) -> bytes:
    """Return the text of a tree as Go's `json.MarshalIndent` writes it, two spaces a level, without a last line end.

    Raises ValueError for a number that is not finite.
    """
    text = _text(value, "\n", encode_basestring)
    for character, escape in _FOR_GO:  # outside of texts JSON has none of these characters
        text = text.replace(character, escape)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def render_compact(value: Json) -> bytes:
    """Return the text of a tree on one line of ASCII. Raises ValueError for a number that is not finite."""
    try:
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError):  # a Decimal, or an int too long for str()
        text = _text(value, "", encode_basestring_ascii)
    return text.encode()


def identical(one: Json, other: Json) -> bool:
    """Return whether two trees spell the same JSON. Other than `==`, tells true from 1; the order of names is free."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(identical(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(identical, one, other))
    return one == other


def _parse_text(text: str) -> Json:
    try:
        return _decode(text, int)
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg.lower()} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise ValueError(f"it is nested more than {MAX_DEPTH} levels deep") from None
    except ArithmeticError:
        raise ValueError("a number in it is too large") from None


def _decode(text: str, parse_int: Callable[[str], int | Decimal]) -> Json:
    # The standard decoder calls what it is given with the number's text; its stubs promise less.
    decoder = json.JSONDecoder(parse_float=Decimal, parse_int=parse_int, parse_constant=_refuse)
    try:
        tree: Json = decoder.decode(text)
    except (json.JSONDecodeError, _NotJson):
        raise
    except ValueError:  # int() refuses numbers of more than 4300 digits
        return _decode(text, Decimal)
    return tree


class _NotJson(ValueError):
    """A word that Python's parser takes for a number and JSON does not have."""


def _refuse(word: str) -> Json:
    raise _NotJson(f"{word} is not a number in JSON")


def _check_depth(tree: Json) -> None:
    level = [tree]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _children(outer) if type(inner) is dict or type(inner) is list]
        if not level:
            return
    raise ValueError(f"it is nested more than {MAX_DEPTH} levels deep")


def _children(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _text(value: Json, newline: str, quote: Callable[[str], str]) -> str:
    """Return the text of `value`. `newline` is the line end and the indentation here, or empty for one line."""
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, dict):
        if not value:
            return "{}"
        inner, colon = (newline + "  ", ": ") if newline else ("", ":")
        members = [f"{inner}{quote(name)}{colon}{_text(member, inner, quote)}" for name, member in value.items()]
        return f"{{{','.join(members)}{newline}}}"
    if isinstance(value, list):
        if not value:
            return "[]"
        inner = newline and newline + "  "
        return f"[{','.join([inner + _text(element, inner, quote) for element in value])}{newline}]"
    return _scalar(value)


def _scalar(value: bool | int | float | Decimal | None) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return _plain(Decimal(value)) if value.bit_length() > 14_000 else int.__repr__(value)
    number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not number.is_finite():
        raise ValueError(f"{value} is not a number in JSON")
    return _plain(number)


def _plain(number: Decimal) -> str:
    if abs(number.adjusted()) > _LONGEST_PLAIN or -int(number.as_tuple().exponent) > _LONGEST_PLAIN:
        return str(number)
    return format(number, "f")

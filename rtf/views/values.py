"""Values in Terraform's notation, as outputs and the console show them.

Plans show values in another notation, with symbols of change beside them: see `notation`.
"""

from engine.lang import numbers
from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, SetOf, Type, friendly_name
from engine.lang.values import EPHEMERAL, SENSITIVE, ListValue, MapValue, Marked, Null, SetValue, Unknown, Value
from rtf.views.terminal import harmless

KNOWN_AFTER_APPLY = "(known after apply)"
SENSITIVE_VALUE = "(sensitive value)"
EPHEMERAL_VALUE = "(ephemeral value)"

_ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_ESCAPES |= {'"': '\\"', "\\": "\\\\"}


def quote(text: str) -> str:
    """Return text in double quotes, with escapes for all that does not print."""
    return f'"{"".join(map(_quoted, text))}"'


def _quoted(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def format_value(value: Value, indent: int = 0) -> str:
    """Return a value as the language would write it; lines after the first are indented by `indent` spaces.

    Sensitive and unknown values are named, not shown.
    """
    match value:
        case Marked():
            return _format_marked(value, indent)
        case Unknown():
            return KNOWN_AFTER_APPLY
        case Null():
            return _format_null(value.type)
        case str():
            return _heredoc(value, indent) if "\n" in value else quote(value)
        case bool():
            return "true" if value else "false"
        case dict():
            return _mapping(value, indent)
        case MapValue():
            return f"tomap({_mapping(value.items, indent)})"
        case tuple():
            return _sequence(value, indent)
        case ListValue():
            return f"tolist({_sequence(value.items, indent)})"
        case SetValue():
            return f"toset({_sequence(value.items, indent)})"
    return numbers.text(value)


def _format_marked(value: Marked, indent: int) -> str:
    if SENSITIVE in value.marks:
        return SENSITIVE_VALUE
    if EPHEMERAL in value.marks:
        return EPHEMERAL_VALUE
    return format_value(value.value, indent)


def _format_null(type: Type) -> str:
    if type == DYNAMIC:
        return "null"
    if type in (STRING, NUMBER, BOOL):
        return f"to{friendly_name(type)}(null)"
    match type:
        case ListOf(element):
            return f"tolist(null) /* of {friendly_name(element)} */"
        case SetOf(element):
            return f"toset(null) /* of {friendly_name(element)} */"
        case MapOf(element):
            return f"tomap(null) /* of {friendly_name(element)} */"
    return f"null /* {friendly_name(type)} */"


def _heredoc(text: str, indent: int) -> str:
    lines = text.split("\n")
    delimiter = "EOT"
    while any(line.strip() == delimiter for line in lines):
        delimiter += "_"
    margin = " " * indent
    operator = "<<-" if indent else "<<"
    return "\n".join(
        [f"{operator}{delimiter}", *(f"{margin}{harmless(line)}" for line in lines), f"{margin}{delimiter}"]
    )


def _mapping(items: dict[str, Value], indent: int) -> str:
    if not items:
        return "{}"
    margin = " " * (indent + 2)
    lines = (f"{margin}{quote(key)} = {format_value(items[key], indent + 2)}\n" for key in sorted(items))
    return "{\n" + "".join(lines) + " " * indent + "}"


def _sequence(items: tuple[Value, ...], indent: int) -> str:
    if not items:
        return "[]"
    margin = " " * (indent + 2)
    lines = (f"{margin}{format_value(item, indent + 2)},\n" for item in items)
    return "[\n" + "".join(lines) + " " * indent + "]"

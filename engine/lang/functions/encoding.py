"""Functions that turn values into texts of a known format, and back."""

import base64
import binascii
import json
from typing import Final
from urllib.parse import quote_plus

from engine.lang.convert import ConversionError, normalize
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.json_values import from_json, read_json, to_json, write_json
from engine.lang.ranges import surely_not_null
from engine.lang.types import STRING, ListOf, MapOf, ObjectOf, SetOf, TupleOf
from engine.lang.values import Unknown, Value, type_of, wholly_known

# Go's encoder keeps text safe inside HTML and JavaScript; whoever compares texts relies on the same escapes.
_HTML_ESCAPES: Final = str.maketrans(
    {"<": r"\u003c", ">": r"\u003e", "&": r"\u0026", "\u2028": r"\u2028", "\u2029": r"\u2029", "\x7f": "\x7f"}
)


def json_text(value: Value) -> str:
    """Return an unmarked, wholly known value as `jsonencode` writes it. Raises FunctionError."""
    try:
        return write_json(to_json(value), _json_string)
    except ConversionError as problem:
        raise FunctionError(problem.message) from None


def _json_string(text: str) -> str:
    return json.encoder.encode_basestring(text).translate(_HTML_ESCAPES)


def _jsonencode(value: Value) -> Value:
    if wholly_known(value):
        return json_text(value)
    kind = type_of(value)
    opening = next((text for types, text in _OPENINGS if isinstance(kind, types)), '"' if kind == STRING else "")
    return Unknown(STRING, not_null=True, prefix=opening if surely_not_null(value) else "")


_OPENINGS: Final = (((ObjectOf, MapOf), "{"), ((TupleOf, ListOf, SetOf), "["))


def _jsondecode(text: str) -> Value:
    try:
        return from_json(read_json(text))
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        raise FunctionError(f"not valid JSON: {problem.msg} at {where}") from None
    except ValueError as problem:
        raise FunctionError(f"not valid JSON: {problem}") from None
    except ConversionError as problem:
        raise FunctionError(str(problem)) from None


def _base64encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _base64decode(text: str) -> str:
    try:
        data = binascii.a2b_base64(text.replace("\r", "").replace("\n", ""), strict_mode=True)
    except ValueError:
        failed = "failed to decode base64 data"
        raise FunctionError(f'{failed} "{text}"', redacted=f"{failed} (sensitive value)") from None
    try:
        return normalize(data.decode())
    except UnicodeDecodeError:
        raise FunctionError("the result of decoding the provided string is not valid UTF-8") from None


def _urlencode(text: str) -> str:
    return quote_plus(text)


_TEXT = Parameter("str", STRING)

FUNCTIONS: Final[tuple[Function, ...]] = (
    Function("base64decode", (_TEXT,), _base64decode, result=STRING, description="The text that Base64 data holds."),
    Function("base64encode", (_TEXT,), _base64encode, result=STRING, description="Text as Base64 data."),
    Function("jsondecode", (_TEXT,), _jsondecode, description="The value that a JSON text describes."),
    Function(
        "jsonencode",
        (Parameter("val", allow_null=True, allow_unknown=True),),
        _jsonencode,
        result=STRING,
        description="A value as JSON text, with no white space.",
    ),
    Function("urlencode", (_TEXT,), _urlencode, result=STRING, description="Text as it stands in a URL's query."),
)

"""The functions of the builtin provider `terraform`: values as text of the language, and such text as values.

Such a text is laid out as `fmt` would do it. Reading one needs the parser, which the caller brings.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from engine.lang import numbers
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.types import STRING
from engine.lang.values import ListValue, MapValue, Null, SetValue, Value

DecodeVariables: TypeAlias = Callable[[str], Mapping[str, Value]]
"""Return the variables that the text of a .tfvars file sets. Raises FunctionError."""

_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|(?P<bracket>[\[\]{}])')
_MAX_DEPTH: Final = 200


def provider_functions(provider: str, decode: DecodeVariables) -> tuple[Function, ...]:
    """Return the functions of the provider under their full names; `provider` is the name that a module gives it."""

    def decode_tfvars(text: str) -> Value:
        return dict(decode(text))

    return (
        Function(
            f"provider::{provider}::decode_tfvars",
            (Parameter("src", STRING, description="The text of a .tfvars file."),),
            decode_tfvars,
            description="The variables that the text of a .tfvars file sets, as an object.",
        ),
        Function(
            f"provider::{provider}::encode_expr",
            (Parameter("value", allow_null=True),),
            lambda value: _laid_out(_written(value, 0)),
            result=STRING,
            description="A value as the text of an expression.",
        ),
        Function(
            f"provider::{provider}::encode_tfvars",
            (Parameter("value", description="An object whose attributes are the variables."),),
            _encode_tfvars,
            result=STRING,
            description="The attributes of an object as the text of a .tfvars file.",
        ),
    )


def _encode_tfvars(value: Value) -> str:
    members = value.items if value.__class__ is MapValue else value
    if members.__class__ is not dict:
        raise FunctionError(
            "invalid value to encode: must be an object whose attribute names will become the encoded variable names"
        )
    for name in members:
        if not _IDENTIFIER.fullmatch(name):
            what = "must be a valid identifier, per Terraform's rules for input variable declarations"
            raise FunctionError(f'invalid variable name "{name}": {what}', redacted=f"invalid variable name: {what}")
    lines = [f"{name} = {_written(members[name], 0)}\n" for name in sorted(members)]
    return _laid_out("".join(lines))


def _written(value: Value, depth: int) -> str:
    """Return an expression that gives `value`, without any indentation."""
    if depth > _MAX_DEPTH:
        raise FunctionError(f"the value is nested more than {_MAX_DEPTH} levels deep")
    if value.__class__ in (ListValue, SetValue, MapValue):
        value = value.items
    match value:
        case str():
            return _quoted(value)
        case bool():
            return "true" if value else "false"
        case Null():
            return "null"
        case tuple():
            return f"[{', '.join(_written(item, depth + 1) for item in value)}]"
        case dict():
            if not value:
                return "{}"
            lines = (f"{_key(key)} = {_written(value[key], depth + 1)}\n" for key in sorted(value))
            return "{\n" + "".join(lines) + "}"
    return numbers.text(value)


def _key(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    pieces = [_ESCAPES.get(character) or _printable(character) for character in text]
    joined = "".join(pieces).replace("${", "$${").replace("%{", "%%{")
    return f'"{joined}"'


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _laid_out(text: str) -> str:
    """Return a text with its lines indented by the brackets around them, and neighbouring `=` below each other."""
    lines = text.split("\n")
    depths: list[int] = []  # how many brackets each line left open that others have to close
    indents: list[int] = []
    balances = [_balance(line) for line in lines]
    for balance in balances:
        _close(depths, -balance)
        indents.append(len(depths))
        if balance > 0:
            depths.append(balance)
    aligned = _aligned(lines, balances)
    return "\n".join("  " * indent + line if line else "" for indent, line in zip(indents, aligned, strict=True))


def _balance(line: str) -> int:
    """Return how many more brackets a line opens than it closes."""
    brackets = [found["bracket"] for found in _BRACKET.finditer(line) if found["bracket"]]
    return sum(1 if bracket in "[{" else -1 for bracket in brackets)


def _close(depths: list[int], count: int) -> None:
    while count > 0 and depths:
        closed = min(count, depths[-1])
        count -= closed
        depths[-1] -= closed
        if not depths[-1]:
            depths.pop()


def _aligned(lines: list[str], balances: list[int]) -> list[str]:
    found: list[str] = []
    group: list[tuple[str, str]] = []
    for line, balance in zip([*lines, ""], [*balances, 0], strict=True):
        name = _LEFT_SIDE.match(line)
        if name and balance == 0:
            group.append((name["name"], line[name.end() :]))
            continue
        width = max((len(left) for left, _ in group), default=0)
        found += [f"{left:<{width}} = {right}" for left, right in group]
        group = []
        found.append(line)
    return found[:-1]


_LEFT_SIDE = re.compile(r'(?P<name>"(?:[^"\\]|\\.)*"|[^\W\d][\w-]*) = ')

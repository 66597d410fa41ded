"""`csvdecode`: a table with a header line, strict about quotes as RFC 4180 and Go are; Python's reader guesses."""

from collections.abc import Iterator
from typing import Final

from engine.lang.convert import normalize
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.types import STRING, ObjectOf
from engine.lang.values import ListValue, Value


def _csvdecode(text: str) -> Value:
    records = _records(text)
    try:
        _, header = next(records)
    except StopIteration:
        raise FunctionError("missing header line") from None
    names = [normalize(name) for name in header]
    for position, name in enumerate(names):
        if name in names[:position]:
            raise FunctionError(f'duplicate column name "{name}"', redacted="duplicate column name")
    rows = []
    for line, fields in records:
        if len(fields) != len(names):
            raise _error(line, "wrong number of fields")
        rows.append(dict(zip(names, map(normalize, fields), strict=True)))
    return ListValue(ObjectOf(dict.fromkeys(names, STRING)), rows)


def _error(line: int, problem: str) -> FunctionError:
    return FunctionError(f"CSV parse error on line {line}: {problem}")


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of each record, with the number of the line where it begins. Empty lines are no records."""
    lines = _lines(text)
    for number, line in lines:
        if line != "\n":
            yield number, _fields(number, line, lines)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines, each ending in a line feed, with their numbers."""
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    for number, line in enumerate(lines, 1):
        yield number, line.removesuffix("\r") + "\n"


def _fields(number: int, line: str, lines: Iterator[tuple[int, str]]) -> list[str]:
    fields: list[str] = []
    while True:
        if line.startswith('"'):
            field, number, line = _quoted(number, line[1:], lines)
        else:
            end = line.find(",")
            field, line = (line[:-1], "\n") if end < 0 else (line[:end], line[end:])
            if '"' in field:
                raise _error(number, 'bare " in non-quoted-field')
        fields.append(field)
        if line == "\n":
            return fields
        line = line[1:]


def _quoted(number: int, line: str, lines: Iterator[tuple[int, str]]) -> tuple[str, int, str]:
    """Return a field that began with a quote, and what follows on the line where it ends, with that line's number."""
    pieces: list[str] = []
    while True:
        before, quote, line = line.partition('"')
        pieces.append(before)
        if not quote:
            begun = number
            number, line = next(lines, (0, ""))
            if not number:
                raise _error(begun, 'extraneous or missing " in quoted-field')
        elif line.startswith('"'):
            pieces.append('"')
            line = line[1:]
        elif line.startswith(",") or line == "\n":
            return "".join(pieces), number, line
        else:
            raise _error(number, 'extraneous or missing " in quoted-field')


FUNCTIONS: Final[tuple[Function, ...]] = (
    Function(
        "csvdecode",
        (Parameter("str", STRING, description="A table whose first line names the columns."),),
        _csvdecode,
        description="The rows of a table in CSV form, each as an object.",
    ),
)

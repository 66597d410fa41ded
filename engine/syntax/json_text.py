"""JSON text -> one value, every part of it with its place in the text.

The first half of the way of a `.tf.json` file. A value is made of the nodes that the language has for it (STRING,
NUMBER, UNARY, LITERAL, TUPLE, OBJECT), so that what means nothing special is finished here. Which members are blocks
and which strings are templates is `json_syntax`'s to know.

Python's own reader keeps neither places nor repeated keys and stops at the first problem; here what is wrong inside of
a value is noted, and reading ends only where nobody can say any more what belongs to what.
"""

import re
from dataclasses import dataclass
from json import JSONDecodeError, loads
from typing import Final
from unicodedata import normalize

from engine.diagnostics import Diagnostic, Severity, SourceFile, SourceRange, did_you_mean
from engine.syntax.tree import LITERAL, NUMBER, OBJECT, STRING, TUPLE, UNARY, Node

MAX_DEPTH: Final = 100
MAX_PROBLEMS: Final = 10

_BLANKS: Final = re.compile(r"[ \t\r\n]*")
_NUMBER_LIKE: Final = re.compile(r"[-+.0-9][-+.0-9eE]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,9})?")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z_0-9]*")
_STRING: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"?')
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LITERALS: Final = {"true": True, "false": False, "null": None}
_JAVASCRIPT: Final = frozenset({"undefined", "NaN", "Infinity"})
_STARTS: Final = (
    "No value begins like this. A value is {}, [], a number, a text in quotation marks, true, false or null."
)


@dataclass(frozen=True, slots=True)
class Document:
    """What could be read: `value` is None when not even the outermost value could."""

    value: Node | None
    problems: tuple[Diagnostic, ...]


def read_json(source: SourceFile) -> Document:
    """Return the value that the whole text is, and everything that is wrong with it."""
    reader = _Reader(source)
    value = reader.document()
    return Document(value, tuple(reader.problems[:MAX_PROBLEMS]))


class _EndOfTextError(Exception):
    """The text ends where more of it is needed."""


class _UnreadableError(Exception):
    """What follows cannot be told apart any more; the problem is noted already."""


class _Reader:
    def __init__(self, source: SourceFile) -> None:
        self.problems: list[Diagnostic] = []
        self._source = source
        self._text = source.text
        self._position = 0
        self._opened: list[int] = []  # where the brackets around the position are

    def document(self) -> Node | None:
        try:
            value = self._value()
            self._nothing_more()
        except _EndOfTextError:
            for start in reversed(self._opened):
                kind, bracket = ("object", "brace") if self._text[start] == "{" else ("array", "bracket")
                self._report("Unclosed object", f"The {kind} that begins here has no closing {bracket}.", start)
            return None
        except _UnreadableError:
            # Inside of the outermost value there is nothing wrong with that one itself.
            return None if len(self._opened) < 2 else (OBJECT, 0, len(self._text), ())
        return value

    def _nothing_more(self) -> None:
        if self._skip_blanks() < len(self._text):
            self._report(
                "Extraneous data after value",
                "The file holds one value, and that has ended before this. Remove what follows it.",
            )

    def _value(self) -> Node:
        start = self._skip_blanks()
        if start == len(self._text):
            self._report("Missing value", "The file ends where a value is needed.")
            raise _EndOfTextError
        character = self._text[start]
        if character == '"':
            return self._string()
        if character == "{":
            return self._object()
        if character == "[":
            return self._array()
        if (number := _NUMBER_LIKE.match(self._text, start)) is not None:
            return self._number(number[0])
        if (word := _WORD.match(self._text, start)) is not None:
            return self._keyword(word[0])
        raise self._unreadable("Missing JSON value" if character == "}" else "Invalid start of value", _STARTS)

    def _object(self) -> Node:
        start = self._open()
        members = []
        while self._next() != "}":
            key = self._value()
            if key[0] != STRING:
                self._report(
                    "Invalid object property name", "Names in an object are texts in quotation marks.", *key[1:3]
                )
                raise _UnreadableError
            self._colon()
            members.append((key, self._value()))
            self._separator("}")
        return (OBJECT, start, self._close(), tuple(members))

    def _array(self) -> Node:
        start = self._open()
        items = []
        while self._next() != "]":
            items.append(self._value())
            self._separator("]")
        return (TUPLE, start, self._close(), tuple(items))

    def _open(self) -> int:
        if len(self._opened) == MAX_DEPTH:
            raise self._unreadable(
                "Nested too deeply", f"More than {MAX_DEPTH} objects and arrays lie inside of each other here."
            )
        self._opened.append(self._position)
        self._position += 1
        return self._opened[-1]

    def _close(self) -> int:
        self._opened.pop()
        self._position += 1
        return self._position

    def _colon(self) -> None:
        character = self._next()
        if character == ":":
            self._position += 1
            return
        if character in ",}":
            detail = "After the name there must be a colon and a value."
            raise self._unreadable("Missing object value", detail)
        detail = "Put a colon between the name and its value."
        if character == "=":
            detail = "JSON has a colon where native syntax has an equals sign."
        raise self._unreadable("Missing property value colon", detail)

    def _separator(self, closing: str) -> None:
        """Go past the comma after a member or item; before the closing bracket there is none."""
        character = self._next()
        if character == closing:
            return
        kind, last = ("object", "property") if closing == "}" else ("array", "value")
        if character == ",":
            comma = self._position
            self._position += 1
            if self._next() == closing:
                detail = f"In JSON the last {last} of an {kind} has no comma after it."
                self._report(f"Trailing comma in {kind}", detail, comma)
            return
        if character == "]":
            raise self._unreadable(
                "Mismatched braces", "This bracket stands where the brace that ends an object is needed."
            )
        if character == "}":
            raise self._unreadable(
                "Mismatched brackets", "This brace stands where the bracket that ends an array is needed."
            )
        if character == ":" and kind == "array":
            raise self._unreadable(
                "Invalid array value", "The values of an array have no names. Use an object for values with names."
            )
        # Terraform's spelling: people search for what their tool says.
        summary = "Missing attribute seperator comma"
        raise self._unreadable(summary, f"Put a comma after each {last} of an {kind} but the last.")

    def _string(self) -> Node:
        start = self._position
        found = _STRING.match(self._text, start)
        self._position = end = start if found is None else found.end()
        try:
            text: str = loads(self._text[start:end])
        except JSONDecodeError as problem:
            if problem.msg.startswith("Unterminated"):
                detail = "A string has its closing quotation mark on the same line; a newline in it is written \\n."
                self._report("Invalid JSON string", detail, end)
                raise (_EndOfTextError if end == len(self._text) else _UnreadableError) from None
            detail = 'A backslash begins one of the escapes \\n \\t \\r \\b \\f \\/ \\" \\\\ \\u0000.'
            if problem.msg.startswith("Invalid control"):
                detail = "Control characters are written as escapes: a tab is \\t."
            self._report("Invalid JSON string", detail, start + problem.pos)
            text = ""
        # Half a surrogate pair is no character; as in Go, the replacement character stands in for it.
        if not text.isascii():
            text = normalize("NFC", _SURROGATE.sub("\ufffd", text))
        return (STRING, start, self._position, text)

    def _number(self, text: str) -> Node:
        start = self._position
        self._position = end = start + len(text)
        if _NUMBER.fullmatch(text) is None:
            self._report("Invalid JSON number", "This is not a number as JSON writes them.", start, end)
        if text[0] == "-":
            return (UNARY, start, end, "-", (NUMBER, start + 1, end, text[1:]))
        return (NUMBER, start, end, text)

    def _keyword(self, word: str) -> Node:
        start = self._position
        self._position = end = start + len(word)
        if word not in _LITERALS:
            # The word is not repeated: it may be a password that lacks its quotation marks.
            hint = did_you_mean(word, _LITERALS)
            detail = f"The keywords of JSON are true, false and null; a text has quotation marks around it.{hint}"
            if word in _JAVASCRIPT:
                detail = f'JavaScript knows "{word}", but JSON does not.'
            self._report("Invalid JSON keyword", detail, start, end)
        return (LITERAL, start, end, _LITERALS.get(word))

    def _skip_blanks(self) -> int:
        found = _BLANKS.match(self._text, self._position)
        if found is not None:
            self._position = found.end()
        return self._position

    def _next(self) -> str:
        """Go to the next character that is not blank and return it."""
        if self._skip_blanks() == len(self._text):
            raise _EndOfTextError
        return self._text[self._position]

    def _unreadable(self, summary: str, detail: str) -> _UnreadableError:
        self._report(summary, detail)
        return _UnreadableError()

    def _report(self, summary: str, detail: str, start: int | None = None, end: int | None = None) -> None:
        start = self._position if start is None else start
        length = len(self._text)
        subject = SourceRange(self._source, min(start, length), min(start + 1 if end is None else end, length))
        self.problems.append(Diagnostic(Severity.ERROR, summary, detail, subject))

"""A `.tf.json` file -> the same tree that native syntax gives, with offsets into the JSON text.

The second half of the way: `json_text` has read the value, `json_shapes` knows which members are blocks, and here
both become BODY, BLOCK and ATTRIBUTE nodes. Names and strings keep their quotes in their ranges. A block of JSON has no
header in one piece; its range and header are its opening brace. Nothing is looked up or evaluated here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from engine.diagnostics import Diagnostic, DiagnosticError, Severity, SourceFile, SourceRange
from engine.syntax.json_shapes import FILE, Reading, Shape
from engine.syntax.json_text import MAX_PROBLEMS, read_json
from engine.syntax.parser import parse_expression, parse_template
from engine.syntax.tree import (
    ATTRIBUTE,
    BLOCK,
    BODY,
    CALL,
    LITERAL,
    OBJECT,
    STRING,
    TEMPLATE,
    TEMPLATE_WRAP,
    TUPLE,
    VARIABLE,
    Node,
)

_COMMENT: Final = "//"
# One character of a string as JSON writes it. Two halves of a surrogate pair are one character.
_WRITTEN: Final = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|[^\\]", re.DOTALL)
# Nodes that may take in the quotes around them; the others find their parts by counting from where they start.
_QUOTABLE: Final = frozenset({STRING, TEMPLATE, TEMPLATE_WRAP, VARIABLE, CALL})


def parse_json(source: SourceFile, shape: Shape = FILE) -> Node:
    """Return the BODY of a JSON file. Raises DiagnosticError with everything that is wrong with its syntax.

    `shape` says which of its members are blocks: those of a configuration unless given.
    """
    document = read_json(source)
    problems = list(document.problems)
    if document.value is None or document.value[0] not in (OBJECT, TUPLE):
        problems.append(_root_problem(document.value, source))
    elif not problems:
        builder = _Builder(source, problems)
        body = builder.body(document.value, shape)
        if not problems:
            return body
    raise DiagnosticError(*problems[:MAX_PROBLEMS])


def _root_problem(value: Node | None, source: SourceFile) -> Diagnostic:
    start = len(source.text) - len(source.text.lstrip()) if value is None else value[1]
    end = min(start + 1, len(source.text)) if value is None else value[2]
    detail = "The root value of a configuration in JSON must be an object, or an array of objects."
    return Diagnostic(Severity.ERROR, "Root value must be object", detail, SourceRange(source, start, end))


class _Builder:
    """Makes the nodes of one file and notes what is wrong in `problems`."""

    def __init__(self, source: SourceFile, problems: list[Diagnostic]) -> None:
        self._source = source
        self._problems = problems

    def body(self, value: Node, shape: Shape) -> Node:
        """Return the BODY that an object, or an array of objects, stands for."""
        items: list[Node] = []
        earlier: dict[str, Node] = {}
        for key, member in self._members(value, "with arguments and blocks"):
            name = key[3]
            if name == _COMMENT:
                continue
            if name in shape.blocks:
                items.extend(self._blocks(key, member, shape.blocks[name], ()))
            elif name in earlier:
                summary = "Duplicate attribute definition" if shape.names else "Duplicate argument"
                self._repeated(summary, f'The argument "{name}" was already set', key, earlier[name])
            else:
                earlier[name] = key
                expression = self._expression(member, shape.reading(name))
                items.append((ATTRIBUTE, key[1], member[2], name, key[1], key[2], expression))
        return (BODY, value[1] + 1, value[2] - 1, tuple(items))

    def _blocks(self, key: Node, value: Node, shape: Shape, labels: tuple[Any, ...]) -> Iterator[Node]:
        """Yield the blocks of one type that lie in `value`, level by level of labels."""
        if len(labels) < len(shape.labels):
            yield from self._labelled(key, value, shape, labels)
        elif value[0] == OBJECT:
            yield self._block(key, value, shape, labels)
        elif value[0] == TUPLE:
            for item in value[3]:
                yield self._block(key, item, shape, labels)
        elif not _is_null(value):
            self._wrong_type(
                f'A block of type "{key[3]}" is an object, several of them are an array of objects.', value
            )

    def _labelled(self, key: Node, value: Node, shape: Shape, labels: tuple[Any, ...]) -> Iterator[Node]:
        what = shape.labels[len(labels)]
        members = self._members(value, f"whose names say the {what} of each block")
        if not members:
            detail = f"Nothing here says the {what} of a {key[3]} block. It is the name of a member of this object."
            self._report("Missing block label", detail, *_opening(value))
        for name, member in members:
            yield from self._blocks(key, member, shape, (*labels, (name[3], name[1], name[2])))

    def _block(self, key: Node, value: Node, shape: Shape, labels: tuple[Any, ...]) -> Node:
        start, end = value[1:3]
        return (BLOCK, start, end, key[3], key[1], key[2], labels, self.body(value, shape), start + 1)

    def _members(self, value: Node, purpose: str) -> Sequence[tuple[Node, Node]]:
        """Return the members of an object, or of all the objects of an array; null has none."""
        if value[0] == OBJECT:
            members: Sequence[tuple[Node, Node]] = value[3]
            return members
        if value[0] != TUPLE:
            if not _is_null(value):
                self._wrong_type(f"An object is required here {purpose}, or an array of such objects.", value)
            return ()
        for item in value[3]:
            if item[0] != OBJECT and not _is_null(item):
                self._wrong_type(f"An object is required here {purpose}.", item)
        return [member for item in value[3] if item[0] == OBJECT for member in item[3]]

    def _expression(self, value: Node, reading: Reading) -> Node:
        kind, start, end = value[:3]
        if kind == STRING:
            return self._string(value, reading)
        if kind == TUPLE:
            return (TUPLE, start, end, tuple([self._expression(item, reading) for item in value[3]]))
        if kind == OBJECT:
            return (OBJECT, start, end, tuple(self._pairs(value[3], reading)))
        return value

    def _pairs(self, members: Iterable[tuple[Node, Node]], reading: Reading) -> Iterator[tuple[Node, Node]]:
        earlier: dict[str, Node] = {}
        for written, member in members:
            key = self._string(written, reading)
            if key[0] == STRING and key[3] in earlier:
                said = f'An attribute named "{key[3]}" was already defined'
                self._repeated("Duplicate object attribute", said, key, earlier[key[3]])
                continue
            if key[0] == STRING:
                earlier[key[3]] = key
            inner = reading
            if reading is Reading.REQUIREMENT and written[3] == "configuration_aliases":
                inner = Reading.EXPRESSION
            yield key, self._expression(member, inner)

    def _string(self, value: Node, reading: Reading) -> Node:
        text = value[3]
        if reading is Reading.TEMPLATE and ("${" in text or "%{" in text):
            try:
                return self._parsed(value, parse_template)
            except DiagnosticError as problem:
                self._problems.extend(problem.diagnostics)
        if reading is Reading.EXPRESSION:
            try:
                return self._parsed(value, parse_expression)
            except DiagnosticError:
                return value  # as if quoted in native syntax: who wants a name there says so better than a parser
        return value

    def _parsed(self, value: Node, parse: Callable[[SourceFile], Node]) -> Node:
        """Return what the text of a string parses to, at the place where it stands in the file."""
        text, offsets = self._content(value)
        try:
            node = _moved(parse(SourceFile(self._source.name, text)), offsets)
        except DiagnosticError as problem:
            raise DiagnosticError(*[self._moved_diagnostic(found, offsets) for found in problem.diagnostics]) from None
        return (node[0], value[1], value[2], *node[3:]) if node[0] in _QUOTABLE else node

    def _content(self, value: Node) -> tuple[str, Sequence[int]]:
        """Return what a string says, and for each of its characters and its end the offset into the file."""
        start, end = value[1] + 1, value[2] - 1
        written = self._source.text[start:end]
        if "\\" not in written:
            return written, range(start, end + 1)
        pieces = [(found[0], start + found.start()) for found in _WRITTEN.finditer(written)]
        return "".join([_character(piece) for piece, _ in pieces]), [*[offset for _, offset in pieces], end]

    def _moved_diagnostic(self, found: Diagnostic, offsets: Sequence[int]) -> Diagnostic:
        def moved(place: SourceRange | None) -> SourceRange | None:
            if place is None:
                return None
            start, end = offsets[place.start], offsets[place.end]
            return SourceRange(self._source, start, max(start + 1, end))  # at the end, the closing quotation mark

        return replace(found, subject=moved(found.subject), context=moved(found.context))

    def _wrong_type(self, detail: str, value: Node) -> None:
        self._report("Incorrect JSON value type", detail, *_opening(value))

    def _repeated(self, summary: str, said: str, key: Node, earlier: Node) -> None:
        place = SourceRange(self._source, earlier[1], earlier[2])
        self._report(summary, f"{said} at {place}. Each may be set only once.", key[1], key[2])

    def _report(self, summary: str, detail: str, start: int, end: int) -> None:
        self._problems.append(Diagnostic(Severity.ERROR, summary, detail, SourceRange(self._source, start, end)))


def _is_null(value: Node) -> bool:
    return value[0] == LITERAL and value[3] is None


def _opening(value: Node) -> tuple[int, int]:
    """Return the range that shows a value: its opening bracket, or all of it when it has none."""
    return (value[1], value[1] + 1) if value[0] in (OBJECT, TUPLE) else (value[1], value[2])


def _character(written: str) -> str:
    if written[0] != "\\":
        return written
    from json import loads

    character: str = loads(f'"{written}"')
    return "\ufffd" if "\ud800" <= character <= "\udfff" else character


def _moved(part: Any, offsets: Sequence[int]) -> Any:
    """Return a node with its offsets moved. In a node every whole number is an offset, but for the kind."""
    if part.__class__ is int:
        return offsets[part]
    if part.__class__ is not tuple or not part:
        return part
    if part[0].__class__ is int:
        return (part[0], *[_moved(item, offsets) for item in part[1:]])
    return tuple([_moved(item, offsets) for item in part])

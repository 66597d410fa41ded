"""Which attributes a configuration writes, as the contract names them: `session.tools[].name`."""

from collections.abc import Iterator
from pathlib import Path

from engine.diagnostics import SourceFile
from engine.syntax.parser import parse
from engine.syntax.tree import ATTRIBUTE, BLOCK, OBJECT, STRING, TUPLE, VARIABLE, Node

_MAPS = ("prompt.variables",)
"""The attributes whose members are named by the user."""


def written_attributes(file: Path, resource_type: str) -> set[str]:
    """Return the path of every attribute that the resources of one type in `file` write."""
    body = parse(SourceFile(file.name, file.read_text(encoding="utf-8")))
    blocks = [item for item in body[3] if item[0] == BLOCK and item[3] == "resource"]
    found: set[str] = set()
    for block in blocks:
        if block[6][0][0] == resource_type:
            found.update(_in_body(block[7]))
    return found


def _in_body(body: Node) -> Iterator[str]:
    for item in body[3]:
        assert item[0] == ATTRIBUTE, "the reference examples write objects as attributes"
        yield from _in_value(item[3], item[6])


def _in_value(path: str, node: Node) -> Iterator[str]:
    yield path
    if node[0] == OBJECT:
        for key, value in node[3]:
            name = "<key>" if path.endswith(_MAPS) else _name(key)
            yield from _in_value(f"{path}.{name}", value)
    elif node[0] == TUPLE:
        for item in node[3]:
            yield from (inner for inner in _in_value(f"{path}[]", item) if inner != f"{path}[]")


def _name(key: Node) -> str:
    assert key[0] in (VARIABLE, STRING), "a key that stands for itself"
    name: str = key[3]
    return name

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.diagnostics import SourceFile
from engine.syntax import tree
from engine.syntax.parser import parse, parse_expression
from engine.syntax.tree import Node
from tests.engine.syntax.sketch import sketch
from tests.engine.syntax.test_corpus import CORPUS, read

NO_EXPRESSIONS = {
    tree.BODY,
    tree.ATTRIBUTE,
    tree.BLOCK,
    tree.INTERPOLATION,
    tree.IF_DIRECTIVE,
    tree.FOR_DIRECTIVE,
}


def children(value: Any) -> Iterator[Node]:
    """Yield the nodes right below a node, in the order written."""
    for part in value:
        if isinstance(part, tuple) and part:
            if isinstance(part[0], int):
                yield part
            else:
                yield from children(part)


def descendants(node: Node, in_template: bool = False) -> Iterator[tuple[Node, bool]]:
    """Yield a node and all below it, each with whether it is literally part of a template."""
    yield node, in_template
    for child in children(node[3:]):
        yield from descendants(child, node[0] in NO_EXPRESSIONS | {tree.TEMPLATE, tree.HEREDOC})


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in CORPUS])
def test_nodes_lie_inside_of_their_parents_one_after_the_other(path: Path) -> None:
    text = read(path)
    root = parse(SourceFile(path.name, text))
    assert root[1:3] == (0, len(text))
    for node, _ in descendants(root):
        at = node[1]
        for child in sorted(children(node[3:]), key=lambda child: child[1]):
            assert at <= child[1] <= child[2] <= node[2]
            at = child[2]


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in CORPUS])
def test_the_text_of_an_expression_is_that_expression(path: Path) -> None:
    text = read(path)
    for node, in_template in descendants(parse(SourceFile(path.name, text))):
        if node[0] in NO_EXPRESSIONS or (in_template and node[0] == tree.STRING):
            continue
        alone = parse_expression(SourceFile("part", text[node[1] : node[2]]))
        assert sketch(alone) == sketch(node)
        assert alone[1:3] == (0, node[2] - node[1])


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in CORPUS])
def test_names_stand_where_the_tree_says(path: Path) -> None:
    text = read(path)
    for node, _ in descendants(parse(SourceFile(path.name, text))):
        if node[0] in (tree.ATTRIBUTE, tree.BLOCK, tree.CALL):
            name, start, end = node[3:6]
            assert text[start:end].replace(" ", "") == name
        if node[0] == tree.TRAVERSAL:
            assert text[node[1] : node[2]] == ".".join(node[3])
        if node[0] == tree.GET_ATTR:
            assert text[node[2] - len(node[4]) : node[2]] == node[4]
        if node[0] == tree.BLOCK:
            assert text[node[7][1] - 1] == "{"
            assert text[node[7][2]] == "}"
            assert all(text[start:end].strip('"') == label for label, start, end in node[6])
            assert node[8] == (node[6][-1][2] if node[6] else node[5])

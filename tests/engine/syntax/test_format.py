"""`formatting/<name>.in` and `.out` were recorded from `terraform fmt` 1.11.4; all other tests are about laws."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.diagnostics import DiagnosticError, SourceFile
from engine.syntax import tree
from engine.syntax.format import format_source
from engine.syntax.format_tokens import CLOSE_HEREDOC, CLOSE_QUOTE, TEXT, read_format_tokens
from engine.syntax.parser import parse
from engine.syntax.tree import Node
from tests.engine.syntax.sketch import sketch
from tests.engine.syntax.test_corpus import CORPUS, read

RECORDED = sorted((Path(__file__).parent / "formatting").glob("*.in"))
TEXTS = [read(path) for path in (*CORPUS, *RECORDED)]

BOUNDED = settings(max_examples=150, derandomize=True, deadline=None)

# Blanks and comments that may come to stand between two tokens. After some of them the text may parse no longer.
BETWEEN = st.sampled_from(["", " ", "   ", "\t", "\n", "\n\n", " /* x */ ", "/* x\n y */", " # x\n", " // é\r\n"])


def formatted(text: str) -> str:
    return format_source(SourceFile("main.hcl", text))


def meaning(body: Node) -> list[Any]:
    """Return what a file says, less what formatting may change: `"${x}"` for x, and types of variables."""
    return list(_items(body, ()))


def _items(body: Node, blocks: tuple[str, ...]) -> Iterator[Any]:
    for item in body[3]:
        if item[0] == tree.BLOCK:
            labels = [label for label, _, _ in item[6]]
            yield (item[3], labels, list(_items(item[7], (*blocks, item[3]))))
        elif blocks != ("variable",) or item[3] != "type":
            value = item[6]
            while value[0] in (tree.TEMPLATE_WRAP, tree.PARENTHESES):
                value = value[3]
            yield (item[3], _without_blanks(sketch(value)))


def _without_blanks(sketched: str) -> str:
    """Write `a . b` as `a.b`: the tree has two nodes for the one thing that they mean."""
    joined = re.sub(r"\(get_attr ([\w.-]+) ([\w-]+)\)", r"\1.\2", sketched)
    return joined if joined == sketched else _without_blanks(joined)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in RECORDED])
def test_the_layout_is_what_terraform_makes_of_it(path: Path) -> None:
    assert formatted(read(path)) == read(path.with_suffix(".out"))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in (*CORPUS, *RECORDED)])
def test_formatting_twice_is_formatting_once(path: Path) -> None:
    once = formatted(read(path))
    assert formatted(once) == once


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in (*CORPUS, *RECORDED)])
def test_a_formatted_file_means_the_same(path: Path) -> None:
    text = read(path)
    assert meaning(parse(SourceFile("", formatted(text)))) == meaning(parse(SourceFile("", text)))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in (*CORPUS, *RECORDED)])
def test_tokens_and_the_blanks_between_them_are_the_whole_file(path: Path) -> None:
    text = read(path)
    position = 1 if text.startswith("\ufeff") else 0
    for token in read_format_tokens(text, position):
        assert not text[position : token.start].strip(" \t")
        assert text.startswith(token.text, token.start)
        position = token.start + len(token.text)
    assert not text[position:].strip(" \t")


@st.composite
def disturbed(draw: st.DrawFn) -> str:
    """A file of the corpus with other blanks, newlines and comments at some places."""
    text = draw(st.sampled_from(TEXTS)).removeprefix("\ufeff")
    tokens = read_format_tokens(text)
    changed = draw(st.dictionaries(st.integers(0, len(tokens)), BETWEEN, max_size=8))
    pieces, position = [], 0
    for index, token in enumerate(tokens):
        between = text[position : token.start]
        if token.kind not in (TEXT, CLOSE_QUOTE, CLOSE_HEREDOC):  # before these, blanks are part of the text
            between = changed.get(index, between)
        pieces += [between, token.text]
        position = token.start + len(token.text)
    return "".join(pieces) + text[position:]


@BOUNDED
@given(disturbed())
def test_whatever_parses_keeps_its_meaning_and_its_layout_from_then_on(text: str) -> None:
    try:
        body = parse(SourceFile("", text))
    except DiagnosticError:
        assume(False)
    once = formatted(text)
    assert meaning(parse(SourceFile("", once))) == meaning(body)
    assert formatted(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('r "a$b" x {}\n', 'r "a$b" "x" {}\n', id="a label with a dollar sign is kept"),
        pytest.param('r "$${x}" "%" {}\n', 'r "$${x}" "%" {}\n', id="labels with escaped markers are kept"),
        pytest.param('a = "${ # c\nx}"\n', 'a = "${ # c\nx}"\n', id="a comment before the expression"),
        pytest.param('a = "${x + # c\ny}"\n', 'a = "${x + # c\ny}"\n', id="a comment within the expression"),
        pytest.param('b { a = "${x # c\n}" }\n', 'b { a = "${x # c\n}" }\n', id="a comment in a block on one line"),
        pytest.param('b { a = "${<<T\nT\n}" }\n', 'b { a = "${<<T\nT\n}" }\n', id="a heredoc in a block on one line"),
        pytest.param('a = "${"${"${x}"}"}"\n', "a = x\n", id="texts around texts are taken away at once"),
        pytest.param("\ufeff", "", id="a byte order mark and nothing else"),
    ],
)
def test_what_terraform_would_spoil_or_leave_half_done_is_done_otherwise(text: str, expected: str) -> None:
    assert formatted(text) == expected
    assert formatted(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a = [\n", id="open bracket"),
        pytest.param("a = \n", id="no value"),
        pytest.param('a = "x\n', id="open quote"),
        pytest.param("a = 1 b = 2\n", id="two arguments on a line"),
        pytest.param("/* a", id="open comment"),
    ],
)
def test_a_text_that_does_not_parse_is_refused(text: str) -> None:
    with pytest.raises(DiagnosticError):
        formatted(text)

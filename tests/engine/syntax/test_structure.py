import pytest

from engine.diagnostics import SourceFile
from engine.syntax.parser import parse
from engine.syntax.tree import ATTRIBUTE, BLOCK, BODY, NUMBER, Node
from tests.engine.syntax.sketch import sketch


def outline(node: Node) -> str:
    if node[0] == BODY:
        return "; ".join(outline(item) for item in node[3])
    if node[0] == ATTRIBUTE:
        return f"{node[3]}={sketch(node[6])}"
    labels = "".join(f" {text!r}" for text, _, _ in node[6])
    return f"{node[3]}{labels} {{{outline(node[7])}}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "", id="empty file"),
        pytest.param("\n\n# x\n", "", id="comments only"),
        pytest.param("a = 1", "a=1", id="no newline at the end"),
        pytest.param("a = 1\r\nb {\r\n  c = [\r\n]\r\n}\r\n", "a=1; b {c=[]}", id="carriage returns"),
        pytest.param('a "b" c "" {\n}\n', "a 'b' 'c' '' {}", id="labels"),
        pytest.param('a "$${b}" {\n}\n', "a '${b}' {}", id="escapes in labels"),
        pytest.param("a {}\nb { c = 1 }\nd {\n}\n", "a {}; b {c=1}; d {}", id="blocks on one line"),
        pytest.param("a { /* x\n */ b = 1 }", "a {b=1}", id="a comment is no newline"),
        pytest.param("a { # x\n b = 1\n}", "a {b=1}", id="but a line comment is"),
        pytest.param("a {\n b {\n c = 1\n}\n\n\n d {}\n e = 2\n}", "a {b {c=1}; d {}; e=2}", id="nested blocks"),
        pytest.param(
            "in = 1\ntrue = 2\nfor {\n}\nnull null {\n}", "in=1; true=2; for {}; null 'null' {}", id="keywords"
        ),
        pytest.param("a = <<E\nx\nE\nb = 1", r'a=<heredoc "x\n">; b=1', id="a heredoc ends its argument"),
        pytest.param("a = {\n b = 1\n}\nc = f(\n1)\n", "a={b=1}; c=f(1)", id="brackets over lines"),
    ],
)
def test_bodies(text: str, expected: str) -> None:
    assert outline(parse(SourceFile("main.hcl", text))) == expected


def test_offsets_of_blocks_and_arguments() -> None:
    text = 'a "b" {\n  c = 10\n}\n'
    attribute = (ATTRIBUTE, 10, 16, "c", 10, 11, (NUMBER, 14, 16, "10"))
    body = (BODY, 7, 17, (attribute,))
    block = (BLOCK, 0, 18, "a", 0, 1, (("b", 2, 5),), body, 5)
    assert parse(SourceFile("main.hcl", text)) == (BODY, 0, 19, (block,))

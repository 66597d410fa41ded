"""Texts made to exhaust a parser. Each is 100,000 characters; one that took quadratic time would not come to an end."""

from collections.abc import Callable

import pytest

from engine.diagnostics import DiagnosticError, SourceFile
from engine.syntax.parser import MAX_PROBLEMS, parse, parse_expression, parse_template
from engine.syntax.tree import Node

SIZE = 100_000


def count_problems(reader: Callable[[SourceFile], Node], text: str) -> int:
    try:
        reader(SourceFile("main.hcl", text))
    except DiagnosticError as problem:
        return len(problem.diagnostics)
    return 0


@pytest.mark.parametrize("reader", [parse, parse_expression, parse_template])
@pytest.mark.parametrize(
    ("before", "repeated", "after"),
    [
        pytest.param("", "[", "", id="brackets"),
        pytest.param("", "{a=", "", id="objects"),
        pytest.param("", "{for ", "", id="for expressions"),
        pytest.param("", "a {", "", id="blocks"),
        pytest.param("", "}", "", id="closing braces"),
        pytest.param("", "!", "", id="unary operators"),
        pytest.param("a = 1", "+1", "\n", id="binary operators"),
        pytest.param("a = b", "?b:b", "\n", id="conditionals"),
        pytest.param("a = b", "[0]", "\n", id="indexes"),
        pytest.param("a = b", "[*]", "\n", id="splats"),
        pytest.param("a = b", ".a", "\n", id="attributes"),
        pytest.param("a = b", ".", "\n", id="dots"),
        pytest.param("a = ", "1.", "\n", id="points"),
        pytest.param("a = 1", "e", "\n", id="exponents"),
        pytest.param("", "b::", "", id="namespaces"),
        pytest.param("a = b", " ", "::", id="blanks before a namespace"),
        pytest.param("a = ", '"${', "", id="interpolations inside of each other"),
        pytest.param('a = "', "${x}", '"\n', id="interpolations beside each other"),
        pytest.param('a = "', "%{if x}", '"\n', id="directives inside of each other"),
        pytest.param('a = "%{if x}', "%{else}", '"\n', id="directives beside each other"),
        pytest.param('a = "', "$", '{"\n', id="dollars"),
        pytest.param('a = "', "\\", "", id="backslashes"),
        pytest.param("", '"', "", id="quotes"),
        pytest.param("a = ", "<<E\n", "", id="heredocs"),
        pytest.param("a = <<-E\n", " ${x}\n", "E\n", id="heredoc lines"),
        pytest.param("a = <<E\n", "E ${x}", "", id="almost a marker"),
        pytest.param("", "{/*", "", id="comments that do not end"),
        pytest.param("a = {", " /**/", "}\n", id="comments that end"),
        pytest.param("a = [ /*", "*", "", id="stars"),
        pytest.param("", "#", "", id="hashes"),
        pytest.param("", "\n", "", id="newlines"),
        pytest.param("", "\r", "", id="carriage returns"),
        pytest.param("", "\0", "", id="nuls"),
        pytest.param("", "'", "", id="single quotes"),
        pytest.param("", "é", "", id="letters"),
        pytest.param("", "a\xa0", "", id="hard spaces"),
        pytest.param("", "a = 1 1\n", "", id="problems"),
        pytest.param("", "a = 1\n", "", id="repeated arguments"),
    ],
)
def test_long_texts_are_read_in_one_pass(
    before: str, repeated: str, after: str, reader: Callable[[SourceFile], Node]
) -> None:
    text = before + repeated * (SIZE // len(repeated)) + after
    assert count_problems(reader, text) <= MAX_PROBLEMS

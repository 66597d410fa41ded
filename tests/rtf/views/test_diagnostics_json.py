"""Problems as machines read them."""

from typing import Any

import pytest

from engine.diagnostics import Diagnostic, Severity, SourceFile, SourceRange
from providers.redaction import Redactor
from rtf.views.diagnostics_json import diagnostic_json

TEXT = 'resource "a" "b" {\n  x = upper(\n    var.n,\n  )\n}\nnope\n'


def told(found: str, *, empty: bool = False, values: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    start = TEXT.index(found)
    subject = SourceRange(SourceFile("main.tf", TEXT), start, start if empty else start + len(found))
    return diagnostic_json(Diagnostic(Severity.ERROR, "Wrong", "", subject, None, values), Redactor({"hush-hush"}))


def test_a_snippet_holds_the_lines_of_the_place_and_the_block_around_it() -> None:
    assert told("upper(\n    var.n", values=(("var.n", "is 3"),))["snippet"] == {
        "context": 'resource "a" "b"',
        "code": "  x = upper(\n    var.n,",
        "start_line": 2,
        "highlight_start_offset": 6,
        "highlight_end_offset": 22,
        "values": [{"traversal": "var.n", "statement": "is 3"}],
    }


@pytest.mark.parametrize(
    ("found", "context"),
    [
        pytest.param("resource", None, id="the block itself"),
        pytest.param("{", 'resource "a" "b"', id="its brace"),
        pytest.param("nope", None, id="outside"),
    ],
)
def test_the_context_is_the_block_that_holds_what_stands_before(found: str, context: str | None) -> None:
    assert told(found)["snippet"]["context"] == context


def test_an_empty_place_is_one_column_wide() -> None:
    problem = told("var.n", empty=True)
    assert problem["range"]["start"] == {"line": 3, "column": 5, "byte": 36}
    assert problem["range"]["end"] == {"line": 3, "column": 6, "byte": 37}
    assert (problem["snippet"]["highlight_start_offset"], problem["snippet"]["highlight_end_offset"]) == (4, 5)


def test_no_secret_is_told_of_a_value() -> None:
    shown = told("var.n", values=(("var.n", 'is "hush-hush"'),))
    assert "hush-hush" not in str(shown)

from pathlib import Path

import pytest

from engine.diagnostics import DiagnosticError, SourceFile
from engine.lang.types import DYNAMIC, STRING
from engine.lang.values import NULL, SENSITIVE_MARKS, ListValue, MapValue, Unknown, Value, mark
from engine.plan.scope import module_functions
from engine.syntax.described import statement_of
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.parser import parse_expression
from engine.syntax.scope import Scope

VALUES: dict[str, Value] = {
    "n": 3,
    "s": 'say "x"',
    "secret": mark("hush", SENSITIVE_MARKS),
    "o": {"a": 1, "b": {"c": mark("hush", SENSITIVE_MARKS)}, "l": ("p", "q")},
}


def values_of(text: str) -> list[tuple[tuple[str, str], ...]]:
    source = SourceFile("test.tf", text)
    with pytest.raises(DiagnosticError) as caught:
        evaluate(Expression(parse_expression(source), source), Scope({"var": VALUES}, module_functions(Path("."))))
    return [found.values for found in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("value", "statement"),
    [
        pytest.param(3, "is 3", id="number"),
        pytest.param(12345678901234, "is 1.23456789e+13", id="long number"),
        pytest.param('a "b"\n', 'is "a \\"b\\"\\n"', id="string"),
        pytest.param(True, "is true", id="bool"),
        pytest.param(NULL, "is null", id="null"),
        pytest.param((), "is empty tuple", id="empty tuple"),
        pytest.param((1,), "is tuple with 1 element", id="tuple"),
        pytest.param(ListValue(STRING, ("a", "b")), "is list of string with 2 elements", id="list"),
        pytest.param(MapValue(STRING, {"a": "b"}), "is map of string with 1 element", id="map"),
        pytest.param({}, "is object with no attributes", id="empty object"),
        pytest.param({"a": 1}, 'is object with 1 attribute "a"', id="object"),
        pytest.param({"a": 1, "b": 2}, "is object with 2 attributes", id="larger object"),
        pytest.param(Unknown(STRING), "is a string", id="unknown string"),
        pytest.param(Unknown(DYNAMIC), None, id="unknown"),
        pytest.param(mark("hush", SENSITIVE_MARKS), None, id="secret"),
    ],
)
def test_a_value_is_told_in_a_few_words(value: Value, statement: str | None) -> None:
    assert statement_of(value) == statement


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("[1, var.n.x]", [(("var.n", "is 3"),)], id="as far as it leads"),
        pytest.param("var.o.b.zzz", [(("var.o.b", 'is object with 1 attribute "c"'),)], id="attribute of an object"),
        pytest.param('var.o["l"][5]', [(('var.o["l"]', "is tuple with 2 elements"),)], id="index"),
        pytest.param(
            "var.o.l[var.n]", [(("var.n", "is 3"), ("var.o.l", "is tuple with 2 elements"))], id="computed index"
        ),
        pytest.param("-var.o + var.n", [(("var.o", "is object with 3 attributes"),)], id="the part at fault only"),
        pytest.param("max(1, var.s)", [(("var.s", 'is "say \\"x\\""'),)], id="argument"),
        pytest.param("[for n in var.n : n]", [(("var.n", "is 3"),)], id="for"),
        pytest.param("[for var in [1] : var.x]", [()], id="hidden by a for"),
        pytest.param("-var.secret", [()], id="secret"),
        pytest.param("-var.o.b.c", [()], id="secret inside"),
        pytest.param(
            "var.o < var.s",
            [(("var.o", "is object with 3 attributes"),), (("var.s", 'is "say \\"x\\""'),)],
            id="both operands",
        ),
    ],
)
def test_references_of_a_failed_expression_are_told(text: str, values: list[tuple[tuple[str, str], ...]]) -> None:
    assert values_of(text) == values

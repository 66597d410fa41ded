import pytest

from engine.config.types import apply_defaults, read_type
from engine.diagnostics import DiagnosticError
from engine.lang.convert import convert
from engine.lang.types import written
from engine.lang.values import NULL, SENSITIVE_MARKS, Unknown, Value, equal, mark
from engine.syntax.evaluate import evaluate
from engine.syntax.scope import Scope
from tests.engine.config.texts import expression, told


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("string", "string"),
        ("number", "number"),
        ("bool", "bool"),
        ("any", "any"),
        ("list(string)", "list(string)"),
        ("set(number)", "set(number)"),
        ("map(any)", "map(any)"),
        ("list(list(bool))", "list(list(bool))"),
        ("tuple([string, number])", "tuple([string, number])"),
        ("tuple([])", "tuple([])"),
        ("object({})", "object({})"),
        ("object({ a = string, b = list(number) })", "object({a=string, b=list(number)})"),
        ("list", "list(any)"),
        ("list(string...)", "list(string)"),
        ("object({ a = optional(string) })", "object({a=optional(string)})"),
        ('object({ a = optional(string, "x") })', "object({a=optional(string)})"),
        ("map(object({ a = optional(object({ b = optional(number, 1) }), {}) }))",
         "map(object({a=optional(object({b=optional(number)}))}))"),
    ],
)  # fmt: skip
def test_a_type_is_read(text: str, read: str) -> None:
    assert written(read_type(expression(text))[0]) == read


@pytest.mark.parametrize(
    ("text", "at", "detail"),
    [
        ("strng", 1, 'keyword "strng" is not a valid type specification. Did you mean "string"?'),
        ('object({ "b" = string })', 10, "without quotes"),
        ("object", 1, 'type constructor "object" requires one argument'),
        ('"list(${string})"', 1, "written without quotes"),
        ("1", 1, "primitive type keyword"),
        ("var.x", 1, "primitive type keyword"),
        ("lst(string)", 1, 'not a valid type constructor. Did you mean "list"?'),
        ("optional(string)", 1, "only for attributes of object types"),
        ("list(optional(string))", 6, "only for attributes of object types"),
        ("tuple([optional(string)])", 8, "only for attributes of object types"),
        ("list()", 5, "exactly one argument"),
        ("list(string, string)", 14, "exactly one argument"),
        ("tuple(string)", 7, "requires a list of element types"),
        ("object(string)", 8, "requires a map whose keys are attribute names"),
        ("object({ (x) = string })", 10, "keys must be attribute names"),
        ("object({ a = optional() })", 22, "the attribute's type and, if wanted, its default"),
        ("object({ a = optional(string, 1, 2) })", 22, "the attribute's type and, if wanted, its default"),
        ("object({ a = sting })", 14, 'Did you mean "string"?'),
        ("map(strin)", 5, 'Did you mean "string"?'),
    ],
)
def test_what_is_no_type_is_told_where_it_is(text: str, at: int, detail: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        read_type(expression(text))
    assert told(caught.value.diagnostics) == [f"test.tf:1:{at} Invalid type specification"]
    assert detail in caught.value.diagnostics[0].detail


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        pytest.param('"list"', "Invalid quoted type constraints", id="old keyword"),
        pytest.param('"list(string)"', "Invalid legacy variable type hint", id="no old keyword"),
    ],
)
def test_a_type_in_quotes_is_told(text: str, summary: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        read_type(expression(text))
    assert told(caught.value.diagnostics) == [f"test.tf:1:1 {summary}"]


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("object({ a = optional(number, []) })", "Invalid default value for optional attribute"),
        ("object({ a = optional(number, var.x) })", "Variables not allowed"),
    ],
)
def test_a_default_that_does_not_fit_is_told_where_it_is(text: str, summary: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        read_type(expression(text))
    assert told(caught.value.diagnostics) == [f"test.tf:1:31 {summary}"]


@pytest.mark.parametrize(
    ("type", "given", "result"),
    [
        pytest.param('object({a=optional(string,"x")})', "{}", '{a="x"}', id="missing"),
        pytest.param('object({a=optional(string,"x")})', "{a=null}", '{a="x"}', id="null takes the default"),
        pytest.param('object({a=optional(string,"x")})', '{a="y"}', '{a="y"}', id="given"),
        pytest.param("object({a=optional(string)})", "{}", "{a=null}", id="no default is null"),
        pytest.param('object({a=optional(string,"x")})', "{b=1}", '{a="x"}', id="what the type lacks is left out"),
        pytest.param('object({a=optional(string,"x")})', "null", "null", id="null itself"),
        pytest.param("object({a=optional(object({b=optional(number,1)}),{})})", "{}", "{a={b=1}}", id="inside a default"),
        pytest.param("object({a=optional(object({b=optional(number,1)}))})", "{}", "{a=null}", id="not inside nothing"),
        pytest.param("list(object({a=optional(number,1)}))", "[{},{a=2}]", "tolist([{a=1},{a=2}])", id="list"),
        pytest.param("set(object({a=optional(number,1)}))", "[{},{a=1}]", "toset([{a=1}])", id="equal once filled in"),
        pytest.param("map(object({a=optional(number,1)}))", "{x={}}", "tomap({x={a=1}})", id="map"),
        pytest.param("tuple([string,object({a=optional(number,1)})])", '["x",{}]', '["x",{a=1}]', id="tuple"),
        pytest.param("map(list(object({a=optional(number,1)})))", "{x=[{}]}", "tomap({x=tolist([{a=1}])})", id="deep"),
    ],
)  # fmt: skip
def test_optional_attributes_are_filled_in(type: str, given: str, result: str) -> None:
    from engine.lang.functions import builtin_functions

    constraint, defaults = read_type(expression(type))
    scope = Scope({}, builtin_functions())
    value = convert(apply_defaults(evaluate(expression(given), scope), defaults), constraint)
    assert equal(value, evaluate(expression(result), scope)), value


@pytest.mark.parametrize(
    "value",
    [pytest.param(Unknown(), id="unknown"), pytest.param(mark(NULL, SENSITIVE_MARKS), id="marked null"), "text", 1],
)
def test_what_is_no_object_is_left_alone(value: Value) -> None:
    assert apply_defaults(value, read_type(expression("object({a=optional(string,1)})"))[1]) is value


def test_marks_stay_when_defaults_are_filled_in() -> None:
    _, defaults = read_type(expression("object({a=optional(string,1)})"))
    filled = apply_defaults(mark({}, SENSITIVE_MARKS), defaults)
    assert (filled.value, filled.marks) == ({"a": "1"}, SENSITIVE_MARKS)

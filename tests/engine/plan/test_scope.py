"""What a module's expressions can call, and what the names of functions say."""

from pathlib import Path

import pytest

from engine.diagnostics import DiagnosticError, SourceFile
from engine.lang.values import Value
from engine.plan.scope import module_scope
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.parser import parse_expression

NOW = "2026-01-02T03:04:05Z"


def evaluated(text: str, *, now: str | None = NOW, names: tuple[str, ...] = ("terraform",), **roots: Value) -> Value:
    source = SourceFile("main.tf", text)
    scope = module_scope(Path("."), {}, now, "2026-01-01T00:00:00Z", names).with_roots(**roots)
    return evaluate(Expression(parse_expression(source), source), scope)


def problem(text: str, **roots: Value) -> tuple[str, str]:
    with pytest.raises(DiagnosticError) as caught:
        evaluated(text, **roots)
    first = caught.value.diagnostics[0]
    return first.summary, first.detail


@pytest.mark.parametrize(("text", "expected"), [
    pytest.param('core::upper("a")', "A", id="a name in the namespace core"),
    pytest.param('provider::terraform::encode_expr([1])', "[1]", id="a function of the builtin provider"),
    pytest.param("timestamp()", NOW, id="the time of the apply"),
    pytest.param("plantimestamp()", "2026-01-01T00:00:00Z", id="the time of the plan"),
    pytest.param("try(nope(), 1)", 1, id="a function that is not there is an error like others"),
    pytest.param('can(sensitive("x"))', True, id="that there is a value is no secret"),
])  # fmt: skip
def test_functions_are_found(text: str, expected: Value) -> None:
    assert evaluated(text) == expected


def test_the_builtin_provider_is_called_by_the_name_that_the_module_gives_it() -> None:
    assert evaluated("provider::tf::encode_expr(1)", names=("tf",)) == "1"


@pytest.mark.parametrize(("text", "summary", "detail"), [
    pytest.param('uper("a")', "Call to unknown function", 'There is no function named "uper". Did you mean "upper"?', id="no function"),
    pytest.param('list("a")', "Error in function call", 'Call to function "list" failed: the "list" function was deprecated in Terraform v0.12 and is no longer available; use tolist([ ... ]) syntax to write a literal list', id="one that is gone"),
    pytest.param("provider::x::f()", "Unknown provider function", 'There is no function named "provider::x::f". Ensure that provider name "x" is declared in this module\'s required_providers block, and that this provider offers a function named "f".', id="no provider"),
    pytest.param("provider::terraform::f()", "Unknown provider function", 'The function "f" is not available from the provider "terraform".', id="no function of a provider"),
    pytest.param("provider::f()", "Unknown provider function", 'The function call must include the provider name after the "provider::" prefix.', id="no name of a provider"),
    pytest.param("other::f()", "Unknown provider function", 'The function namespace "other" is not valid. Provider function calls must use the "provider::" namespace prefix.', id="no namespace"),
])  # fmt: skip
def test_a_function_that_is_not_there_is_told(text: str, summary: str, detail: str) -> None:
    found = problem(text)
    assert found[0] == summary
    assert found[1].startswith(detail)


@pytest.mark.parametrize(("text", "detail"), [
    pytest.param('templatestring("a", {})', "so does not support providing a literal template", id="a text"),
    pytest.param('templatestring("${t}", {})', "write the reference expression directly", id="a text around a reference"),
    pytest.param("templatestring(upper(t), {})", "must be a direct reference", id="a call"),
    pytest.param("templatestring(n, {})", "invalid template value: a string is required", id="a number"),
    pytest.param("templatestring(t, {})", 'vars map does not contain key "name", referenced at <templatestring argument>:1,3-7', id="a variable missing"),
    pytest.param("templatestring(bad, {})", "invalid template: <templatestring argument>:1,", id="wrong syntax"),
    pytest.param("templatestring(again, {t = \"x\"})", "cannot recursively call templatestring from inside another template function", id="a template inside"),
])  # fmt: skip
def test_a_template_that_cannot_be_rendered_tells_why(text: str, detail: str) -> None:
    roots: dict[str, Value] = {"t": "${name}", "n": 5, "bad": "${upper(", "again": "${templatestring(t, {})}"}
    assert detail in problem(text, **roots)[1]


def test_a_template_is_a_reference_to_a_text() -> None:
    assert evaluated('templatestring(m["t"], {name = "x"})', m={"t": "Hello, ${name}!"}) == "Hello, x!"

import pytest

from engine.diagnostics import DiagnosticError
from engine.lang.functions import builtin_functions
from engine.lang.types import NUMBER, STRING, MapOf
from engine.lang.values import SENSITIVE_MARKS, Unknown, is_unknown, mark
from engine.plan.expand import expand, unknown_expansion
from engine.syntax.scope import Scope
from tests.engine.config.texts import good_module

SCOPE = Scope(
    {
        "var": {
            "unknown": Unknown(NUMBER),
            "text": Unknown(STRING),
            "map": Unknown(MapOf(STRING)),
            "secret": mark("k", SENSITIVE_MARKS),
        }
    },
    builtin_functions(),
)


def block(argument: str):  # type: ignore[no-untyped-def]
    return good_module(f'resource "a" "b" {{\n  {argument}\n}}').resources["a.b"]


@pytest.mark.parametrize(
    ("argument", "kind", "keys"),
    [
        ("", "single", [None]),
        ("count = 0", "count", []),
        ("count = 3", "count", [0, 1, 2]),
        ('count = "2"', "count", [0, 1]),
        ("count = sensitive(2)", "count", [0, 1]),
        ("count = 2.0", "count", [0, 1]),
        ("count = true ? 1 : 0", "count", [0]),
        ("for_each = {}", "for_each", []),
        ("for_each = { b = 1, a = 2 }", "for_each", ["a", "b"]),
        ('for_each = tomap({ b = 1, a = 2 })', "for_each", ["a", "b"]),
        ('for_each = toset(["b", "a", "b"])', "for_each", ["a", "b"]),
        ("for_each = toset([])", "for_each", []),
        ("for_each = { a = var.unknown }", "for_each", ["a"]),
        ("for_each = { a = var.secret }", "for_each", ["a"]),
    ],
)  # fmt: skip
def test_a_block_has_the_instances_it_asks_for(argument: str, kind: str, keys: list[str | int | None]) -> None:
    expansion = expand(block(argument), SCOPE)
    assert (expansion.kind, list(expansion.instances)) == (kind, keys)


def test_an_instance_knows_its_index_or_its_key_and_value() -> None:
    assert expand(block("count = 2"), SCOPE).instances[1] == {"count": {"index": 1}}
    assert expand(block("for_each = { a = 5 }"), SCOPE).instances["a"] == {"each": {"key": "a", "value": 5}}
    assert expand(block('for_each = toset(["a"])'), SCOPE).instances["a"] == {"each": {"key": "a", "value": "a"}}


@pytest.mark.parametrize(
    ("argument", "summary", "detail"),
    [
        ("count = null", "Invalid count argument", "null"),
        ("count = -1", "Invalid count argument", "greater than or equal to zero"),
        ("count = 1.5", "Invalid count argument", "whole number"),
        ('count = "x"', "Incorrect value type", "number"),
        ("count = []", "Incorrect value type", "number"),
        ("count = true", "Incorrect value type", "number"),
        ("count = 1000001", "Invalid count argument", "at most 1,000,000"),
        ("count = 1 / 0", "Invalid count argument", "whole number"),
        ("count = var.unknown", "Invalid count argument", "cannot be determined until apply"),
        ("count = var.text", "Invalid count argument", "cannot be determined until apply"),
        ("for_each = null", "Invalid for_each argument", "null"),
        ("for_each = []", "Invalid for_each argument", "type tuple. Use toset()"),
        ('for_each = tolist(["a"])', "Invalid for_each argument", "type list of string. Use toset()"),
        ('for_each = "x"', "Invalid for_each argument", "type string"),
        ("for_each = toset([1])", "Invalid for_each set argument", "type number"),
        ("for_each = toset([null])", "Invalid for_each set argument", "null values"),
        ("for_each = toset([[]])", "Invalid for_each set argument", "type tuple"),
        ("for_each = var.map", "Invalid for_each argument", "keys derived from resource attributes"),
        ("for_each = toset([var.text])", "Invalid for_each argument", "keys derived from resource attributes"),
        ("for_each = sensitive({})", "Invalid for_each argument", "exposed as a resource instance key"),
        ("for_each = toset([var.secret])", "Invalid for_each argument", "exposed as a resource instance key"),
    ],
)
def test_instances_that_cannot_be_told_are_an_error_at_the_expression(argument: str, summary: str, detail: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        expand(block(argument), SCOPE)
    (problem,) = caught.value.diagnostics
    assert problem.summary == summary
    assert detail in problem.detail
    assert str(problem.subject) == f"main.tf:2:{3 + argument.index('=') + 2}"


@pytest.mark.parametrize(
    ("argument", "kind", "name"),
    [("", "single", ""), ("count = var.unknown", "count", "count"), ("for_each = var.map", "for_each", "each")],
)
def test_one_instance_can_stand_for_all(argument: str, kind: str, name: str) -> None:
    expansion = unknown_expansion(block(argument))
    (names,) = expansion.instances.values()
    assert expansion.kind == kind
    assert list(names) == ([name] if name else [])
    assert all(is_unknown(value) for value in names.get(name, {}).values())

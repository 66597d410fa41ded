from pathlib import Path

import networkx
import pytest

from engine.config.model import Module
from engine.diagnostics import Diagnostics
from engine.graph.build import build_graph, check_cycles, has_cycles, needed_by_providers, resource_dependencies
from engine.graph.walk import order
from tests.engine.config.texts import details, good_module, told

EXAMPLE = """
variable "v" {}
locals {
  l = "${var.v}-${path.module}"
  m = [for v in [1] : v + local.n]
  n = 1
}
provider "x" { key = var.v }
resource "x_a" "one" { a = local.l }
resource "x_a" "two" {
  count      = local.n
  a          = x_a.one.id
  b          = { v = count.index }
  depends_on = [x_b.three]
}
resource "x_b" "three" {
  for_each = toset(["k"])
  a        = each.key
  provider = x.eu
}
output "o" {
  value      = x_a.two[*].id
  depends_on = [var.v]
}
"""


def graph_of(module: Module, found: Diagnostics | None = None) -> "networkx.DiGraph[str]":
    return build_graph(module, found if found is not None else Diagnostics())


def test_an_edge_goes_from_what_is_needed_to_what_needs_it() -> None:
    found = Diagnostics()
    graph = graph_of(good_module(EXAMPLE), found)
    assert told(found) == []
    assert set(graph.edges) == {
        ("var.v", "local.l"), ("local.n", "local.m"), ("var.v", "provider.x"), ("provider.x", "x_a.one"),
        ("local.l", "x_a.one"), ("local.n", "x_a.two"), ("x_a.one", "x_a.two"), ("x_b.three", "x_a.two"),
        ("provider.x", "x_a.two"), ("provider.x.eu", "x_b.three"), ("x_a.two", "output.o"), ("var.v", "output.o"),
    }  # fmt: skip
    assert not has_cycles(graph)


def test_the_order_is_the_same_every_time() -> None:
    orders = {tuple(order(graph_of(good_module(EXAMPLE)))) for _ in range(5)}
    assert len(orders) == 1
    place = {node: position for position, node in enumerate(orders.pop())}
    assert place["var.v"] < place["local.l"] < place["x_a.one"] < place["x_a.two"] < place["output.o"]


def test_an_edge_knows_where_the_reference_stands() -> None:
    graph = graph_of(good_module("locals {\n  a = local.b\n  b = 1\n}"))
    assert str(graph.edges["local.b", "local.a"]["range"]) == "main.tf:2:7"


WRONG = {
    "variable": ("locals { a = var.regoin }", "main.tf:1:14 Reference to undeclared input variable", 'Did you mean "region"?'),
    "variable without another": ("locals { a = var.zzz }", "main.tf:1:14 Reference to undeclared input variable", 'declared with a variable "zzz" {} block'),
    "local": ("locals { a = local.bb }", "main.tf:1:14 Reference to undeclared local value", 'A local value with the name "bb"'),
    "resource": ("locals { a = x_a.two.id }", "main.tf:1:14 Reference to undeclared resource", 'Did you mean "x_a.twos"?'),
    "var alone": ("locals { a = var }", "main.tf:1:14 Invalid reference", "cannot be accessed directly"),
    "type alone": ("locals { a = x_a }", "main.tf:1:14 Invalid reference", "followed by at least one attribute"),
    "word alone": ("locals { a = hello }", "main.tf:1:14 Invalid reference", "Text needs quotes"),
    "each": ("locals { a = each.key }", 'main.tf:1:14 Reference to "each" in context without for_each', '"for_each" argument'),
    "count": ("locals { a = count.index }", 'main.tf:1:14 Reference to "count" in non-counted context', '"count" argument'),
    "each in count": ('resource "x_a" "c" {\n count = 1\n a = each.key\n}', 'main.tf:3:6 Reference to "each" in context without for_each', ""),
    "count in its own count": ('resource "x_a" "c" {\n count = count.index\n}', 'main.tf:2:10 Reference to "count" in non-counted context', ""),
    "self": ("locals { a = self.id }", 'main.tf:1:14 Invalid "self" reference', "own checks"),
    "path": ("locals { a = path.modul }", 'main.tf:1:14 Invalid "path" attribute', 'Did you mean "module"?'),
    "terraform": ("locals { a = terraform.workspce }", 'main.tf:1:14 Invalid "terraform" attribute', 'mean "workspace"?'),
    "terraform alone": ("locals { a = terraform }", "main.tf:1:14 Invalid reference", "access one of its attributes"),
    "module": ("locals { a = module.x.y }", "main.tf:1:14 Reference to undeclared module", 'named "x"'),
    "data": ("locals { a = data.x.y.z }", "main.tf:1:14 Reference to undeclared resource", 'A data resource "x" "y" has not been declared'),
    "data source of a check": ('check "k" {\n data "x" "y" {}\n assert {\n  condition = data.x.y.z\n  error_message = ""\n }\n}\nlocals { a = data.x.y.z }', "main.tf:8:14 Reference to scoped resource", 'check "k"'),
    "data alone": ("locals { a = data.x }", "main.tf:1:14 Invalid reference", "followed by two attribute names"),
    "part of a block in depends_on": ('resource "x_a" "c" { depends_on = [x_a.twos.id] }', "main.tf:1:44 Invalid depends_on reference", "whole object"),
    "key of a single resource": ("locals { a = x_a.twos[0] }", "main.tf:1:14 Unexpected resource instance key", "must not include an index key"),
    "no key": ('resource "x_a" "n" { count = 1 }\nlocals { a = x_a.n.id }', "main.tf:2:14 Missing resource instance key", "x_a.n[count.index]"),
    "in a template": ('locals { a = "x ${var.zz} y" }', "main.tf:1:19 Reference to undeclared input variable", ""),
    "in an index": ("locals { a = [1][var.zz] }", "main.tf:1:18 Reference to undeclared input variable", ""),
    "in a key": ("locals { a = { (var.zz) = 1 } }", "main.tf:1:17 Reference to undeclared input variable", ""),
    "in a for": ("locals { a = [for x in var.zz : x] }", "main.tf:1:24 Reference to undeclared input variable", ""),
    "in depends_on": ('resource "x_a" "c" { depends_on = [x_a.nope] }', "main.tf:1:36 Reference to undeclared resource", ""),
    "in a provider": ('provider "y" { a = var.zz }', "main.tf:1:20 Reference to undeclared input variable", ""),
    "in an output": ('output "o" { value = var.zz }', "main.tf:1:22 Reference to undeclared input variable", ""),
}  # fmt: skip


@pytest.mark.parametrize(("text", "problem", "detail"), [pytest.param(*row, id=name) for name, row in WRONG.items()])
def test_a_reference_to_nothing_is_told_where_it_is(text: str, problem: str, detail: str) -> None:
    found = Diagnostics()
    graph_of(good_module(text, 'variable "region" {}\nresource "x_a" "twos" {}'), found)
    assert told(found) == [problem]
    assert detail in details(found)


@pytest.mark.parametrize(
    "text",
    [
        "locals { a = [for v in [1] : v] }",
        "locals { a = {for k, v in {} : k => v if v} }",
        "locals { a = { local = 1, var = 2 } }",
        'locals { a = "%{for x in [1]}${x}%{endfor}" }',
        "locals { a = path.cwd + path.root + path.module + terraform.workspace }",
        'resource "x_a" "c" {\n count = 1\n a = [for each in [count.index] : each.x]\n}',
        'resource "x_a" "c" {\n for_each = {}\n a = each.value.b.c\n}',
    ],
)
def test_names_that_are_there_without_a_block_are_no_problem(text: str) -> None:
    found = Diagnostics()
    graph_of(good_module(text), found)
    assert told(found) == []


def test_every_wrong_reference_is_told() -> None:
    found = Diagnostics()
    graph_of(good_module("locals {\n  a = var.x + var.y\n  b = [local.z, c.d]\n}"), found)
    assert [line.partition(" ")[0] for line in told(found)] == [
        "main.tf:2:7",
        "main.tf:2:15",
        "main.tf:3:8",
        "main.tf:3:17",
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("locals { a = local.a }", "main.tf:1:14"),
        ('resource "x_a" "b" { a = x_a.b.id }', "main.tf:1:26"),
        ('resource "x_a" "b" { depends_on = [x_a.b] }', "main.tf:1:36"),
        ('resource "x_a" "b" {\n count = 2\n a = x_a.b[0].id\n}', "main.tf:3:6"),
    ],
)
def test_a_block_must_not_need_itself(text: str, where: str) -> None:
    found = Diagnostics()
    graph = graph_of(good_module(text), found)
    check_cycles(graph, found)
    kind = "Self-referencing local value" if text.startswith("locals") else "Self-referential block"
    assert told(found) == [f"{where} {kind}"]
    assert has_cycles(graph)


def test_a_cycle_names_the_way_round_with_every_place() -> None:
    found = Diagnostics()
    graph = graph_of(
        good_module(
            'resource "x_a" "a" { a = local.l }\nlocals {\n  l = x_a.c.id\n}',
            'resource "x_a" "c" {\n  a = x_a.a.id\n}\nlocals { other = local.l }',
        ),
        found,
    )
    check_cycles(graph, found)
    (problem,) = found
    assert problem.summary == "Cycle: local.l (expand), x_a.a, x_a.c"
    for step in (
        "x_a.a refers to local.l at main.tf:1:26",
        "local.l refers to x_a.c at main.tf:3:7",
        "x_a.c refers to x_a.a at second.tf:2:7",
    ):
        assert step in problem.detail
    assert problem.subject is None  # no one of these places is the wrong one
    assert has_cycles(graph)


def test_each_of_several_cycles_is_told() -> None:
    found = Diagnostics()
    check_cycles(graph_of(good_module("locals {\n a = local.b\n b = local.a\n c = local.d\n d = local.c\n}")), found)
    assert sorted(item.summary for item in found) == [
        "Cycle: local.a (expand), local.b (expand)",
        "Cycle: local.c (expand), local.d (expand)",
    ]


def test_a_chain_of_thousands_has_an_order() -> None:
    text = "".join(f"  a{i} = local.a{i + 1}\n" for i in range(5000))
    graph = graph_of(good_module(f"locals {{\n{text}  a5000 = 1\n}}"))
    check_cycles(graph, found := Diagnostics())
    assert told(found) == []
    assert order(graph) == [f"local.a{i}" for i in range(5000, -1, -1)]


def test_a_ring_of_thousands_is_told_in_few_words() -> None:
    text = "".join(f"  a{i} = local.a{(i + 1) % 3000}\n" for i in range(3000))
    check_cycles(graph_of(good_module(f"locals {{\n{text}}}")), found := Diagnostics())
    (problem,) = found
    assert problem.summary.startswith("Cycle: local.a0 (expand), local.a1 (expand)")
    assert len(problem.summary) + len(problem.detail) < 4000
    assert "more" in problem.detail


def test_dependencies_are_the_nearest_resources_through_locals() -> None:
    module = good_module(
        'resource "x_a" "a" {}\nresource "x_a" "b" { a = local.m }\nresource "x_a" "c" { a = x_a.b.id }\n'
        'locals {\n  l = x_a.a.id\n  m = local.l\n}\nprovider "x" { a = local.l }'
    )
    graph = graph_of(module)
    assert [resource_dependencies(graph, f"x_a.{name}") for name in "abc"] == [[], ["x_a.a"], ["x_a.b"]]


def test_what_providers_need_is_known() -> None:
    module = good_module(
        'variable "v" {}\nvariable "w" {}\nlocals { l = y_a.a.id }\nresource "y_a" "a" { a = var.v }\n'
        'provider "x" { a = local.l }\nresource "x_a" "b" { a = var.w }'
    )
    assert needed_by_providers(graph_of(module)) == {"provider.x", "provider.y", "local.l", "y_a.a", "var.v"}


def test_blocks_called_like_other_kinds_do_not_end_the_program(tmp_path: Path) -> None:
    module = good_module('resource "local" "x" {}\nresource "provider" "x" {}\nlocals { x = 1 }\nprovider "x" {}')
    check_cycles(graph_of(module), Diagnostics())

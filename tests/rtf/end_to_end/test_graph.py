"""`rtf graph` from the command line. The edges of runs are those that Terraform 1.11.4 draws for the same files."""

from pathlib import Path

import pytest

from tests.conformance.scenarios import facets
from tests.rtf.end_to_end.commands import Folder, folder

CHILD = """\
variable "v" {
  validation {
    condition     = var.v > local.least
    error_message = "Too small."
  }
}
locals { least = 0 }
resource "terraform_data" "in" { input = var.v }
output "o" { value = terraform_data.in.id }
"""
ROOT = """\
variable "v" { default = 1 }
locals { l = var.v }
provider "terraform" { alias = "x" }
module "m" {
  source    = "./m"
  v         = local.l
  for_each  = toset(["k"])
  providers = { terraform = terraform.x }
}
resource "terraform_data" "a" {
  input      = module.m["k"].o
  depends_on = [terraform_data.b]
}
resource "terraform_data" "b" {
  count = 2
}
resource "terraform_data" "c" {
  input      = [terraform_data.a.id, terraform_data.b[0].id]
  depends_on = [module.m]
}
output "o" { value = module.m }
"""
LATER = """\
provider "terraform" { alias = "x" }
resource "terraform_data" "b" {
  count = 2
}
"""

RESOURCES = """\
digraph G {
  rankdir = "RL";
  node [shape = rect, fontname = "sans-serif"];
  "terraform_data.a" [label="terraform_data.a"];
  "terraform_data.b" [label="terraform_data.b"];
  "terraform_data.c" [label="terraform_data.c"];
  subgraph "cluster_module.m" {
    label = "module.m"
    fontname = "sans-serif"
    "module.m.terraform_data.in" [label="terraform_data.in"];
  }
  "terraform_data.a" -> "terraform_data.b";
  "terraform_data.a" -> "module.m.terraform_data.in";
  "terraform_data.c" -> "terraform_data.a";
}
"""
# `P` stands for the builtin provider.
PLAN = """\
local.l (expand) -> var.v
module.m (close) -> module.m.output.o (expand)
module.m.local.least (expand) -> module.m (expand)
module.m.output.o (expand) -> module.m.terraform_data.in (expand)
module.m.terraform_data.in (expand) -> module.m.var.v (validation)
module.m.terraform_data.in (expand) -> P.x
module.m.var.v (expand) -> local.l (expand)
module.m.var.v (expand) -> module.m (expand)
module.m.var.v (validation) -> module.m.local.least (expand)
module.m.var.v (validation) -> module.m.var.v (expand)
output.o (expand) -> module.m (close)
P (close) -> terraform_data.c (expand)
P.x (close) -> module.m.terraform_data.in (expand)
root -> output.o (expand)
root -> P (close)
root -> P.x (close)
terraform_data.a (expand) -> module.m.output.o (expand)
terraform_data.a (expand) -> terraform_data.b (expand)
terraform_data.b (expand) -> P
terraform_data.c (expand) -> module.m (close)
terraform_data.c (expand) -> terraform_data.a (expand)
"""
DESTROY = """\
module.m.terraform_data.in (destroy) -> P.x
module.m.terraform_data.in (destroy) -> terraform_data.a (destroy)
P (close) -> terraform_data.b (destroy)
P.x (close) -> module.m.terraform_data.in (destroy)
root -> output.o (expand)
root -> P (close)
root -> P.x (close)
terraform_data.a (destroy) -> terraform_data.c (destroy)
terraform_data.b (destroy) -> terraform_data.a (destroy)
terraform_data.c (destroy) -> P
"""
LATER_PLAN = """\
module.m["k"].terraform_data.in (orphan) -> P.x
P (close) -> terraform_data.a (orphan)
P (close) -> terraform_data.b (expand)
P (close) -> terraform_data.c (orphan)
P.x (close) -> module.m["k"].terraform_data.in (orphan)
root -> module.m (close)
root -> output.o (destroy)
root -> P (close)
root -> P.x (close)
terraform_data.a (orphan) -> P
terraform_data.b (expand) -> P
terraform_data.c (orphan) -> P
"""
LATER_APPLY = """\
P (close) -> terraform_data.b (expand)
root -> module.m (close)
root -> output.o (destroy)
root -> P (close)
terraform_data.b (expand) -> P
"""
# The order is that of an apply here; Terraform's is much the same.
SAVED = """\
module.m["k"].terraform_data.in (destroy) -> P.x
module.m["k"].terraform_data.in (destroy) -> terraform_data.a (destroy)
P (close) -> terraform_data.a (destroy)
P (close) -> terraform_data.b[2]
P.x (close) -> module.m["k"].terraform_data.in (destroy)
root -> module.m (close)
root -> output.o (destroy)
root -> P (close)
root -> P.x (close)
terraform_data.a (destroy) -> terraform_data.c (destroy)
terraform_data.b (expand) -> P
terraform_data.b[2] -> terraform_data.b (expand)
terraform_data.c (destroy) -> P
"""


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    here = folder(tmp_path_factory.mktemp("graph") / "work")
    (here.path / "m").mkdir()
    here.write("m/main.tf", CHILD)
    here.write("main.tf", ROOT)
    here.ok("get")
    here.ok("apply", "-auto-approve")
    return here


def edges(text: str) -> str:
    found = facets.graph(text)["edges"]
    plain = [edge.replace("[root] ", "").replace('provider["terraform.io/builtin/terraform"]', "P") for edge in found]
    return "".join(f"{edge}\n" for edge in plain)


def sorted_lines(text: str) -> list[str]:
    return sorted(text.splitlines())


def test_the_resources_are_drawn_with_their_modules(applied: Folder) -> None:
    applied.write("main.tf", ROOT)
    assert applied.ok("graph").out == RESOURCES


@pytest.mark.parametrize(
    ("configuration", "kind", "expected"),
    [
        pytest.param(ROOT, "plan", PLAN, id="plan"),
        pytest.param(ROOT, "plan-refresh-only", PLAN, id="refresh only"),
        pytest.param(ROOT, "apply", PLAN, id="apply"),
        pytest.param(ROOT, "plan-destroy", DESTROY, id="destroy"),
        pytest.param(LATER, "plan", LATER_PLAN, id="plan without some blocks"),
        pytest.param(LATER, "apply", LATER_APPLY, id="apply without some blocks"),
    ],
)
def test_a_run_is_drawn(applied: Folder, configuration: str, kind: str, expected: str) -> None:
    applied.write("main.tf", configuration)
    assert sorted_lines(edges(applied.ok("graph", f"-type={kind}").out)) == sorted_lines(expected)


def test_a_saved_plan_is_drawn_with_its_objects(applied: Folder) -> None:
    applied.write("main.tf", LATER.replace("2", "3"))
    applied.ok("plan", "-out=p")
    drawn = applied.ok("graph", "-plan=p").out
    assert sorted_lines(edges(drawn)) == sorted_lines(SAVED)
    assert '"[root] terraform_data.b[2]" [label = "terraform_data.b", shape = "box"]' in drawn
    assert applied.ok("graph", "-plan=p", "-type=apply").out == drawn


def test_a_flowchart_says_the_same(applied: Folder) -> None:
    applied.write("main.tf", ROOT)
    assert applied.ok("graph", "-format=mermaid").out == (
        "flowchart RL\n"
        '  n1["terraform_data.a"]\n'
        '  n2["terraform_data.b"]\n'
        '  n3["terraform_data.c"]\n'
        '  subgraph m1["module.m"]\n'
        '    n0["terraform_data.in"]\n'
        "  end\n"
        "  n1 --> n0\n"
        "  n1 --> n2\n"
        "  n3 --> n1\n"
    )
    assert (
        '["provider[#quot;terraform.io/builtin/terraform#quot;].x"]'
        in applied.ok("graph", "-format=mermaid", "-type=plan").out
    )


CYCLE = """\
resource "terraform_data" "a" { input = terraform_data.b.id }
resource "terraform_data" "b" { input = terraform_data.a.id }
resource "terraform_data" "c" { input = terraform_data.a.id }
"""


def test_a_cycle_is_an_error_unless_it_is_to_be_drawn(here: Folder) -> None:
    here.write("main.tf", CYCLE)
    run = here.ok("graph", "-type=plan", status=1)
    assert "Error: Cycle: terraform_data.a (expand), terraform_data.b (expand)" in run.err
    drawn = here.ok("graph", "-type=plan", "-draw-cycles").out.splitlines()
    red = [line for line in drawn if "red" in line]
    assert [line.strip() for line in red] == [
        '"[root] terraform_data.a (expand)" -> "[root] terraform_data.b (expand)" [color = "red", penwidth = "2.0"]',
        '"[root] terraform_data.b (expand)" -> "[root] terraform_data.a (expand)" [color = "red", penwidth = "2.0"]',
    ]
    assert '"terraform_data.c" -> "terraform_data.a"' in here.ok("graph").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["-type=nope"], "Error: Unsupported graph type", id="no such run"),
        pytest.param(["-type=validate"], "Error: Graph type no longer available", id="a run of old"),
        pytest.param(["-format=svg"], "Error: Unsupported graph format", id="no such format"),
        pytest.param(["-plan=main.tf"], "Error: ", id="no plan"),
    ],
)
def test_what_cannot_be_drawn_is_told(here: Folder, arguments: list[str], told: str) -> None:
    here.write("main.tf", "locals { a = 1 }")
    run = here.ok("graph", *arguments, status=1)
    assert told in run.err
    assert run.out == ""


def test_references_to_nothing_are_left_to_validate(here: Folder, tmp_path: Path) -> None:
    here.write("main.tf", 'resource "terraform_data" "a" { input = [var.nope, terraform_data.b.id] }')
    assert facets.graph(here.ok("graph").out)["nodes"] == ["RL", "sans-serif", "terraform_data.a"]

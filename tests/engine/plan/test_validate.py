import pytest

from tests.engine.config.texts import told
from tests.engine.plan.workbench import Bench, thing


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('variable "n" {}\n' + thing("a", "count = var.n"), id="unknown count"),
        pytest.param(
            'variable "m" {}\n' + thing("a", "for_each = var.m", "content = each.value.x.y"), id="unknown for_each"
        ),
        pytest.param(
            'variable "m" { type = map(number) }\n' + thing("a", "for_each = var.m", "size = each.value"),
            id="typed for_each",
        ),
        pytest.param(thing("a", "count = 0", "size = count.index"), id="no instances"),
        pytest.param(
            thing("a") + "locals { x = test_thing.a.id }\n" + thing("b", "size = tonumber(local.x)"),
            id="unknown result",
        ),
        pytest.param(thing("a", "count = 2") + "locals { x = test_thing.a[1].id }", id="counted"),
        pytest.param(thing("a", 'for_each = toset(["k"])') + 'locals { x = test_thing.a["k"].name }', id="keyed"),
        pytest.param(
            'variable "s" { sensitive = true }\noutput "o" {\n value = var.s\n sensitive = true\n}', id="sensitive"
        ),
        pytest.param(
            'variable "v" { nullable = false }\nprovider "test" { where = var.v }\n' + thing("a"),
            id="provider from a variable",
        ),
        pytest.param("locals { t = timestamp() }\n" + thing("a", "content = local.t"), id="the time"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_cannot_be_told_without_values_is_no_problem(bench: Bench, text: str) -> None:
    assert told(bench.validate(text)) == []


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        pytest.param(thing("a", "count = 0", "bogus = 1"), ["main.tf:4:3 Unsupported argument"], id="no instances"),
        pytest.param(thing("a", "for_each = {}", "size = 1000"), ["main.tf:4:10 Too large"], id="no keys"),
        pytest.param('variable "n" {}\n' + thing("a", "count = var.n", "size = 1000"), ["main.tf:5:10 Too large"], id="unknown count"),
        pytest.param(thing("a", "count = -1", "size = 1000"), ["main.tf:3:11 Invalid count argument", "main.tf:4:10 Too large"], id="wrong count"),
        pytest.param('variable "v" {\n type = bool\n default = 7\n}', ["main.tf:3:12 Invalid default value for variable"], id="default"),
        pytest.param('variable "v" { type = list(string) }\n' + thing("a", "size = var.v"), ["main.tf:4:10 Incorrect attribute value type"], id="type of a variable"),
        pytest.param('provider "test" { nope = 1 }', ["main.tf:1:19 Unsupported argument"], id="provider without objects"),
        pytest.param('output "o" { value = 1 + "x" }', ["main.tf:1:26 Invalid operand"], id="output"),
        pytest.param('resource "test_nope" "a" {\n x = 1 + "y"\n}', ["main.tf:1:10 Invalid resource type", "main.tf:2:10 Invalid operand"], id="unknown type"),
        pytest.param("locals {\n a = local.b\n b = local.a\n c = nope()\n}", ["nowhere Cycle: local.a (expand), local.b (expand)"], id="cycle"),
        pytest.param("locals { a = local.a }", ["main.tf:1:14 Self-referencing local value"], id="itself"),
        pytest.param("locals {\n a = var.x.y\n b = nope()\n}", ["main.tf:2:6 Reference to undeclared input variable", "main.tf:3:6 Call to unknown function"], id="nothing follows"),
        pytest.param(thing("a", 'size = "x"', "inner = { sped = 1, speed = [] }"),
            ["main.tf:3:10 Incorrect attribute value type", "main.tf:4:31 Incorrect attribute value type", "main.tf:4:13 Unsupported argument"], id="several in one block"),
        pytest.param('locals { a = 1 }\nresource "local" "a" {}', ["main.tf:2:1 Unknown provider"], id="a type called like a kind"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_without_values(bench: Bench, text: str, problems: list[str]) -> None:
    assert told(bench.validate(text)) == problems


def test_nothing_is_asked_of_the_provider(bench: Bench) -> None:
    bench.validate('provider "test" { where = "x" }\n' + thing("a"))
    assert (bench.world.opened, bench.world.calls) == (0, [])


OBJECTS = (
    thing("one", "labels = []")
    + thing("many", "count = 3")
    + thing("keyed", 'for_each = toset(["k"])')
)  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "problems"),
    [
        pytest.param("one(test_thing.many[*].name)", [], id="how many there are"),
        pytest.param("test_thing.many[5].id", [], id="whether there is one"),
        pytest.param('test_thing.keyed["zz"].id', [], id="which keys there are"),
        pytest.param("test_thing.one.content.x.y", [], id="what is in a value of any type"),
        pytest.param("upper(test_thing.many)", [], id="what a function takes"),
        pytest.param("test_thing.many[*].zzz", [], id="what comes after a splat"),
        pytest.param("test_thing.one.labels[0]", [], id="whether it is null"),
        pytest.param("test_thing.one.zzz", ["Unsupported attribute"], id="an attribute that no thing has"),
        pytest.param("try(test_thing.one.zzz, 1)", ["Unsupported attribute"], id="not even in a try"),
        pytest.param("test_thing.many[0].name.x", ["Unsupported attribute"], id="an attribute of a text"),
        pytest.param("test_thing.one.name[0]", ["Invalid index"], id="an element of a text"),
        pytest.param('test_thing.keyed["k"]["id"]', ["Invalid index operation"], id="an attribute in brackets"),
    ],
)
def test_references_to_objects_are_looked_at_by_their_types_alone(
    bench: Bench, expression: str, problems: list[str]
) -> None:
    found = bench.validate(f'{OBJECTS}output "o" {{\n  value = {expression}\n}}\n')
    assert [item.summary for item in found] == problems

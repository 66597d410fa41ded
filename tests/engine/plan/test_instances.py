"""What happens to one instance: replaced on request or by a trigger, imported, held up by its conditions."""

import pytest

from engine.address import parse_resource_instance
from engine.diagnostics import DiagnosticError
from engine.plan.changes import Reason
from engine.plan.options import PlanOptions
from tests.engine.config.texts import details, told
from tests.engine.plan.workbench import Bench, actions, only, thing


def lifecycle(text: str) -> str:
    return f"lifecycle {{\n{text}\n}}"


def condition(kind: str, text: str, message: str = '"no"') -> str:
    return f"{kind} {{\n condition = {text}\n error_message = {message}\n}}"


def test_an_object_is_replaced_on_request(bench: Bench) -> None:
    bench.apply(thing("a"))
    change = only(bench.plan(thing("a"), PlanOptions(replace=(parse_resource_instance("test_thing.a"),))))
    assert (change.action.value, change.reason) == ("delete/create", Reason.REQUESTED)


TRIGGERS = {
    "a resource that changes": ("[test_thing.a]", "size = 2", True),
    "a resource that stays": ("[test_thing.a]", "size = 1", False),
    "an attribute that changes": ("[test_thing.a.size]", "size = 2", True),
    "another attribute": ("[test_thing.a.labels]", "size = 2", False),
    "part of an attribute": ('[test_thing.a.tags["k"]]', 'size = 1\n tags = { k = "v" }', True),
}


@pytest.mark.parametrize(("triggers", "after", "replaced"), [pytest.param(*row, id=n) for n, row in TRIGGERS.items()])
def test_a_trigger_replaces(bench: Bench, triggers: str, after: str, replaced: bool) -> None:
    b = thing("b", lifecycle(f"replace_triggered_by = {triggers}"))
    bench.apply(thing("a", "size = 1") + b)
    plan = bench.plan(thing("a", after) + b)
    assert actions(plan)["test_thing.b"] == ("delete/create" if replaced else "no-op")
    assert plan.changes[1].reason == (Reason.TRIGGERED if replaced else None)


def test_a_trigger_picks_the_instance_of_the_same_index(bench: Bench) -> None:
    a = thing("a", "count = 2", "size = count.index == 1 ? var.size : 0")
    b = thing("b", "count = 2", lifecycle("replace_triggered_by = [test_thing.a[count.index]]"))
    text = 'variable "size" { default = 1 }\n' + a + b
    bench.apply(text)
    found = actions(bench.plan(text, size="2"))
    assert (found["test_thing.b[0]"], found["test_thing.b[1]"]) == ("no-op", "delete/create")


def test_every_condition_is_looked_at_for_every_instance(bench: Bench) -> None:
    text = thing("a", "count = 3", lifecycle(condition("precondition", "count.index == 0", '"bad ${count.index}"')))
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(text)
    assert [item.address for item in caught.value.diagnostics] == ["test_thing.a[1]", "test_thing.a[2]"]
    assert "bad 2" in details(caught.value.diagnostics)


def test_a_postcondition_sees_the_object_and_is_decided_when_it_can_be(bench: Bench) -> None:
    text = thing("a", lifecycle(condition("postcondition", 'self.id == "id-2"', '"it is ${self.id}"')))
    assert [check.status for check in bench.plan(text).checks] == ["unknown"]
    outcome = bench.apply(text)
    assert (outcome.added, outcome.failed) == (1, ["test_thing.a"])
    assert told(bench.found) == ["main.tf:5:14 Resource postcondition failed"]
    assert "it is id-1" in details(bench.found)
    assert bench.object("test_thing.a").status is None  # it exists and is in order; only the promise is broken
    assert bench.snapshot.check_results[0]["status"] == "fail"  # type: ignore[index, call-overload]


def test_what_depends_on_a_broken_promise_is_not_made(bench: Bench) -> None:
    a = thing("a", lifecycle(condition("postcondition", 'self.id != "id-1"')))
    outcome = bench.apply(a + thing("b", "content = test_thing.a.id"))
    assert bench.world.calls == ["create a"]
    assert outcome.skipped == ["test_thing.b"]


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ('jsondecode("[]")', "Invalid condition result"),
        ("var.none", "Invalid condition result"),
        ("tobool(var.text)", "Invalid function argument"),
    ],
)
def test_a_condition_that_is_none_is_told(bench: Bench, text: str, summary: str) -> None:
    variables = 'variable "none" { default = null }\nvariable "text" { default = "x" }\n'
    block = thing("a", lifecycle(condition("precondition", text if "var." in text else f"[{text}, var.text][0]")))
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(variables + block)
    assert [item.summary for item in caught.value.diagnostics] == [summary]


def test_a_message_does_not_show_secrets(bench: Bench) -> None:
    text = 'variable "s" {\n default = "hush"\n sensitive = true\n}\n'
    text += thing("a", lifecycle(condition("precondition", 'var.s == "x"', '"bad ${var.s}"')))
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(text)
    assert sorted(item.summary for item in caught.value.diagnostics) == [
        "Error message refers to sensitive values",
        "Resource precondition failed",
    ]
    assert "hush" not in details(caught.value.diagnostics)


IMPORT = 'import {\n  to = test_kept.a\n  id = "real"\n}\n'
KEPT = thing("a", "size = 1", type="test_kept")


def test_an_object_is_imported_and_brought_in_line(bench: Bench) -> None:
    bench.world.answer("import real", name="a", size=7, id="real-id")
    change = only(bench.plan(IMPORT + KEPT))
    assert (change.importing, change.action.value) == ("real", "update")
    outcome = bench.apply(IMPORT + KEPT)
    assert (outcome.imported, outcome.changed, outcome.added) == (1, 1, 0)
    assert bench.world.calls == ["import real", "import real", "update a"][1:]
    assert bench.object("test_kept.a").attributes["id"] == "real-id"
    assert not bench.plan(IMPORT + KEPT).has_changes
    assert bench.world.calls == ["read a"]


def test_an_imported_object_is_recorded_even_when_the_change_fails(bench: Bench) -> None:
    bench.world.answer("import real", name="a", size=7, id="real-id")
    bench.world.fail("update a", RuntimeError("boom"))
    bench.apply(IMPORT + KEPT)
    assert bench.object("test_kept.a").attributes["size"] == 7


IMPORTS = {
    "no such object": (IMPORT + KEPT, "Cannot import non-existent remote object"),
    "no block": (IMPORT, "Configuration for import target does not exist"),
    "not importable": ('import {\n to = test_thing.a\n id = "x"\n}\n' + thing("a"), "Resource import not supported"),
    "empty id": (IMPORT.replace('"real"', '""') + KEPT, "Invalid import id argument"),
    "id of a list": (IMPORT.replace('"real"', "[1]") + KEPT, "Invalid import id argument"),
    "key of a single": (IMPORT.replace(".a\n", ".a[0]\n") + KEPT, "Invalid import 'to' expression"),
    "twice": (IMPORT * 2 + KEPT, 'Duplicate import configuration for "test_kept.a"'),
    "a module": ('import {\n to = module.m\n id = "x"\n}\n', "Invalid import 'to' expression"),
    "no such instance": (IMPORT.replace(".a\n", ".a[3]\n") + thing("a", "count = 1", type="test_kept"), "Configuration for import target does not exist"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "summary"), [pytest.param(*row, id=name) for name, row in IMPORTS.items()])
def test_an_import_that_cannot_be_is_told(bench: Bench, text: str, summary: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(text)
    assert summary in {item.summary for item in caught.value.diagnostics}


def test_a_removed_object_is_forgotten_or_deleted(bench: Bench) -> None:
    bench.apply(thing("a") + thing("b"))
    text = "removed {\n from = test_thing.a\n lifecycle {\n destroy = false\n }\n}\nremoved {\n from = test_thing.b\n}"
    assert actions(bench.plan(text)) == {"test_thing.a": "forget", "test_thing.b": "delete"}
    bench.apply(text)
    assert bench.world.calls == ["delete b"]
    assert bench.snapshot.resources == {}

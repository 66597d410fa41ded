from pathlib import Path

import pytest

from engine.diagnostics import DiagnosticError
from engine.lang.values import is_null, is_sensitive, is_unknown
from engine.plan.changes import Action, Reason, count
from tests.engine.config.texts import details, told
from tests.engine.plan.workbench import NOW, Bench, actions, only, thing, ticket

A = thing("a", "size = 1")


def lifecycle(text: str) -> str:
    return f"lifecycle {{\n    {text}\n  }}"


def test_a_new_object_is_created(bench: Bench) -> None:
    change = only(bench.plan(A))
    assert (change.action, change.before, change.reason, change.provider) == (Action.CREATE, None, None, "test")
    assert change.after is not None
    assert change.after["name"] == "a"
    assert change.after["revision"] == 1  # the type knows it in advance
    assert is_unknown(change.after["id"])


def test_a_second_plan_has_nothing_to_do(bench: Bench) -> None:
    bench.apply(A)
    plan = bench.plan(A)
    assert actions(plan) == {"test_thing.a": "no-op"}
    assert not plan.has_changes
    assert (plan.serial, bool(plan.lineage)) == (1, True)


def test_a_changed_attribute_is_updated_and_told(bench: Bench) -> None:
    bench.apply(A)
    change = only(bench.plan(thing("a", "size = 2")))
    assert change.action is Action.UPDATE
    assert [(item.path, item.before) for item in change.attributes] == [(("revision",), 1), (("size",), 1)]
    assert change.replace_paths == ()


def test_an_attribute_that_forces_it_replaces(bench: Bench) -> None:
    bench.apply(A)
    change = only(bench.plan('resource "test_thing" "a" {\n name = "b"\n size = 1\n}'))
    assert (change.action, change.reason) == (Action.DELETE_THEN_CREATE, Reason.CANNOT_UPDATE)
    assert change.replace_paths == (("name",),)
    assert change.after is not None
    assert is_unknown(change.after["id"])
    assert count([change]).add == count([change]).destroy == 1


def test_without_update_every_change_replaces_at_its_place(bench: Bench) -> None:
    bench.apply(ticket("a", "content = { x = [1, 2] }"))
    change = only(bench.plan(ticket("a", "content = { x = [1, 3] }")))
    assert change.action is Action.CREATE_THEN_DELETE  # as the type wishes
    assert change.replace_paths == (("content",),)
    assert [item.path for item in change.attributes] == [("content", "x", 1), ("id",)]


REASONS = {
    "no block": ("", "test_thing.a", Reason.NO_BLOCK),
    "count is lower": (thing("a", "count = 0"), "test_thing.a[0]", Reason.COUNT_INDEX),
    "for_each instead": (thing("a", 'for_each = toset(["k"])'), "test_thing.a", Reason.WRONG_REPETITION),
}


@pytest.mark.parametrize(("text", "address", "reason"), [pytest.param(*row, id=name) for name, row in REASONS.items()])
def test_what_nothing_asks_for_is_deleted_with_the_reason(
    bench: Bench, text: str, address: str, reason: Reason
) -> None:
    bench.apply(A)
    changes = {change.name: change for change in bench.plan(text).changes}
    assert (changes[address].action, changes[address].reason) == (Action.DELETE, reason)


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        pytest.param("count = 3", "count = 1", {1: Reason.COUNT_INDEX, 2: Reason.COUNT_INDEX}, id="count"),
        pytest.param('for_each = toset(["x", "y"])', 'for_each = toset(["y"])', {"x": Reason.EACH_KEY}, id="for_each"),
        pytest.param("count = 2", "", {1: Reason.WRONG_REPETITION}, id="no longer counted"),
        pytest.param("count = 1", 'for_each = toset(["0"])', {0: Reason.WRONG_REPETITION}, id="another kind"),
        pytest.param('for_each = toset(["0"])', "count = 1", {"0": Reason.WRONG_REPETITION}, id="back"),
    ],
)
def test_instances_that_nothing_asks_for_are_deleted_with_the_reason(
    bench: Bench, before: str, after: str, gone: dict[str | int, Reason]
) -> None:
    bench.apply(thing("a", before))
    plan = bench.plan(thing("a", after))
    assert {change.address.key: change.reason for change in plan.changes if change.action is Action.DELETE} == gone


def test_an_expired_object_is_replaced_and_not_called_changed(bench: Bench) -> None:
    text = ticket("a", f"until = {NOW + 100}")
    bench.apply(text)
    assert only(bench.plan(text, now=NOW + 99)).action is Action.NO_OP
    change = only(bench.plan(text, now=NOW + 100))
    assert (change.action, change.reason, change.expired_at) == (Action.CREATE_THEN_DELETE, Reason.EXPIRED, NOW + 100)
    assert change.replace_paths == ()


def test_a_tainted_object_is_replaced_and_reads_so(bench: Bench) -> None:
    bench.world.answer("create a", id=[1])  # made, but not as it should be
    bench.apply(A)
    change = only(bench.plan(A))
    assert (change.action, change.reason) == (Action.DELETE_THEN_CREATE, Reason.TAINTED)


def test_unknown_values_pass_through_what_depends_on_them(bench: Bench) -> None:
    text = (
        A + "locals { id = test_thing.a.id }\n" + thing("b", "content = { x = local.id, y = 1 }", "token = local.id")
        + 'output "o" { value = [test_thing.b.content.x, test_thing.b.content.y, test_thing.b.size] }'
    )  # fmt: skip
    plan = bench.plan(text)
    after = plan.changes[1].after
    assert after is not None
    assert is_unknown(after["content"]["x"])
    assert is_sensitive(after["token"])
    assert after["content"]["y"] == 1
    (output,) = plan.outputs
    assert is_unknown(output.after[0])  # type: ignore[index]
    assert output.after[1] == 1  # type: ignore[index]
    assert is_null(output.after[2])  # type: ignore[index]
    assert [change.dependencies for change in plan.changes] == [(), ("test_thing.a",)]


def test_a_value_that_depends_on_a_replacement_is_unknown_again(bench: Bench) -> None:
    text = thing("a", "size = 1") + ticket("b", "content = test_thing.a.id")
    bench.apply(text)
    plan = bench.plan(text.replace('name = "a"', 'name = "c"'))
    assert actions(plan) == {"test_thing.a": "create/delete", "test_ticket.b": "create/delete"}


def test_one_that_is_replaced_first_takes_along_what_it_needs(bench: Bench) -> None:
    text = (
        thing("far") + thing("other") + "locals { far = test_thing.far.id }\n"
        + thing("near", "content = local.far") + ticket("t", "content = test_thing.near.id")
    )  # fmt: skip
    bench.apply(text)
    for name in ("far", "other", "near"):
        text = text.replace(f'name = "{name}"', f'name = "{name}2"')
    assert actions(bench.plan(text)) == {
        "test_thing.far": "create/delete", "test_thing.near": "create/delete",
        "test_thing.other": "delete/create", "test_ticket.t": "create/delete",
    }  # fmt: skip
    assert bench.object("test_thing.far").create_before_destroy
    assert not bench.object("test_thing.other").create_before_destroy


@pytest.mark.parametrize(
    ("type", "said", "action"),
    [
        ("test_thing", "create_before_destroy = true", "create/delete"),
        ("test_thing", "create_before_destroy = false", "delete/create"),
        ("test_ticket", "create_before_destroy = false", "delete/create"),
        ("test_ticket", "prevent_destroy = false", "create/delete"),
    ],
)
def test_a_block_says_itself_in_which_order_it_is_replaced(bench: Bench, type: str, said: str, action: str) -> None:
    text = thing("a", lifecycle(said), type=type)
    bench.apply(text)
    assert only(bench.plan(text.replace('name = "a"', 'name = "b"'))).action.value == action


@pytest.mark.parametrize(
    ("text", "destroy"),
    [
        pytest.param(
            thing("a", lifecycle("prevent_destroy = true")).replace('name = "a"', 'name = "b"'), False, id="replaced"
        ),
        pytest.param(thing("a", "count = 0", lifecycle("prevent_destroy = true")), False, id="removed"),
        pytest.param(thing("a", lifecycle("prevent_destroy = true")), True, id="everything goes"),
    ],
)
def test_a_protected_object_is_not_destroyed(bench: Bench, text: str, destroy: bool) -> None:
    bench.apply(A)
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(text, destroy=destroy)
    assert told(caught.value.diagnostics) == ["main.tf:1:1 Instance cannot be destroyed"]
    assert "has lifecycle.prevent_destroy" in details(caught.value.diagnostics)


IGNORED = {
    "attribute": ("size = 1", "size = 2", "size", "no-op"),
    "attribute not given before": ("", "size = 2", "size", "no-op"),
    "attribute not given now": ("size = 1", "", "size", "no-op"),
    "another attribute": ("size = 1", "size = 2", "tags", "update"),
    "everything": ("size = 1", "size = 2", "all", "no-op"),
    "key of a map": ('tags = { a = "1", b = "1" }', 'tags = { a = "2", b = "1" }', 'tags["a"]', "no-op"),
    "key of a map that is new": ('tags = { b = "1" }', 'tags = { a = "2", b = "1" }', 'tags["a"]', "no-op"),
    "key of a map that is gone": ('tags = { a = "1", b = "1" }', 'tags = { b = "1" }', 'tags["a"]', "no-op"),
    "another key": ('tags = { a = "1", b = "1" }', 'tags = { a = "2", b = "2" }', 'tags["a"]', "update"),
    "element of a list": ('labels = ["a", "b"]', 'labels = ["x", "b"]', "labels[0]", "no-op"),
    "element beyond a list": ('labels = ["a"]', 'labels = ["x"]', "labels[5]", "update"),
    "nested": ("inner = { speed = 1 }", "inner = { speed = 2 }", "inner.speed", "no-op"),
    "nested not given now": ("inner = { speed = 1 }", "inner = {}", "inner.speed", "no-op"),
    "nested not given before": ("inner = {}", "inner = { speed = 1 }", "inner.speed", "no-op"),
    "nested, another": ("inner = { speed = 1 }", 'inner = { speed = 2, password = "x" }', "inner.speed", "update"),
    "nested in a list": ('inner = { parts = [{ label = "a" }] }', 'inner = { parts = [{ label = "b" }] }', "inner.parts[0].label", "no-op"),
    "inside of something sensitive": ("content = sensitive({ a = 1 })", "content = sensitive({ a = 2 })", "content.a", "no-op"),
    "what forces replacement": ("", 'name = "z"', "name", "no-op"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "ignored", "action"), [pytest.param(*row, id=name) for name, row in IGNORED.items()]
)
def test_ignored_changes_are_not_made(bench: Bench, before: str, after: str, ignored: str, action: str) -> None:
    ignore = lifecycle(f"ignore_changes = {ignored if ignored == 'all' else f'[{ignored}]'}")
    bench.apply(thing("a", before, ignore))
    text = thing("a", after, ignore)
    if after.startswith("name"):
        text = text.replace('  name = "a"\n', "")
    change = only(bench.plan(text))
    assert change.action.value == action


def test_a_replacement_is_made_as_the_configuration_says_even_where_changes_are_ignored(bench: Bench) -> None:
    ignore = lifecycle("ignore_changes = all")
    text = ticket("a", "content = 1", f"until = {NOW}", ignore)
    bench.apply(text, now=NOW - 1)
    change = only(bench.plan(text.replace("content = 1", "content = 2")))
    assert change.reason is Reason.EXPIRED
    assert change.after is not None
    assert change.after["content"] == 2
    assert is_unknown(change.after["id"])  # not the id of the old object


def test_an_ignored_attribute_has_to_exist(bench: Bench) -> None:
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(thing("a", lifecycle("ignore_changes = [size, siz]")))
    assert told(caught.value.diagnostics) == ["main.tf:4:29 Unsupported attribute"]
    assert 'Did you mean "size"?' in details(caught.value.diagnostics)


OUTPUTS = {
    "new": (None, "1", "create"),
    "same": ("1", "1", "no-op"),
    "other": ("1", "2", "update"),
    "one to true": ("1", "true", "update"),
    "same list": ("[1, {a = null}]", "[1, {a = null}]", "no-op"),
    "null from the start": (None, "null", "no-op"),
    "null now": ("1", "null", "update"),
    "unknown": ("1", "test_thing.n.id", "update"),
}


@pytest.mark.parametrize(("before", "after", "action"), [pytest.param(*row, id=name) for name, row in OUTPUTS.items()])
def test_outputs_change_as_their_values_do(bench: Bench, before: str | None, after: str, action: str) -> None:
    if before is not None:
        bench.apply(f'output "o" {{ value = {before} }}')
    text = f'output "o" {{ value = {after} }}\n' + (thing("n") if "test_thing" in after else "")
    (output,) = bench.plan(text).outputs
    assert output.action.value == action


def test_an_output_that_nothing_declares_is_deleted(bench: Bench) -> None:
    bench.apply('output "o" { value = 1 }')
    plan = bench.plan('output "p" { value = 1 }')
    assert [(output.name, output.action.value) for output in plan.outputs] == [("o", "delete"), ("p", "create")]
    assert plan.has_changes


def test_a_sensitive_value_does_not_leave_by_an_output_that_does_not_say_so(bench: Bench) -> None:
    text = thing("a", 'token = "t"') + 'output "o" { value = { x = test_thing.a.token } }'
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(text)
    assert told(caught.value.diagnostics) == ["main.tf:5:1 Output refers to sensitive values"]
    bench.plan(
        text.replace("value =", "sensitive = true\nvalue =").replace("{ sens", "{\nsens").replace(" } }", " }\n}")
    )


def test_a_change_of_sensitivity_alone_is_an_update_that_calls_no_api(bench: Bench) -> None:
    text = 'variable "v" {\n sensitive = false\n default = "x"\n}\n' + thing("a", "content = var.v")
    bench.apply(text)
    hidden = text.replace("false", "true") + 'output "o" { value = test_thing.a.content }\n'
    with pytest.raises(DiagnosticError, match="Output refers to sensitive values"):
        bench.plan(hidden)
    change = only(bench.plan(text.replace("false", "true")))
    assert (change.action, change.attributes) == (Action.UPDATE, ())
    bench.apply(text.replace("false", "true"))
    assert bench.world.calls == []
    assert len(bench.object("test_thing.a").sensitive_attributes) == 1
    bench.apply(text)
    assert bench.object("test_thing.a").sensitive_attributes == []


def test_everything_recorded_goes_and_outputs_with_it(bench: Bench) -> None:
    text = A + thing("b", "content = test_thing.a.id") + 'output "o" { value = 1 }'
    bench.apply(text)
    plan = bench.plan(text, destroy=True)
    assert actions(plan) == {"test_thing.a": "delete", "test_thing.b": "delete"}
    assert [(output.name, output.action.value) for output in plan.outputs] == [("o", "delete")]
    assert [change.reason for change in plan.changes] == [None, None]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param("locals { x = test_thing.a[7].id }", id="an instance that was never made"),
        pytest.param('locals { x = jsondecode("{") }', id="a function that fails"),
        pytest.param(thing("z", "size = 1000"), id="a block that is wrong"),
        pytest.param('output "o" { value = 1 / "x" }', id="an output that is wrong"),
    ],
)
def test_what_cannot_be_evaluated_does_not_keep_anything_from_being_destroyed(bench: Bench, more: str) -> None:
    text = thing("a", "count = 1")
    bench.apply(text)
    assert actions(bench.plan(text + more, destroy=True)) == {"test_thing.a[0]": "delete"}
    outcome = bench.apply(text + more, destroy=True)
    assert (outcome.destroyed, outcome.failed, outcome.skipped) == (1, [], [])
    assert told(bench.found) == []
    assert bench.snapshot.resources == {}


def test_to_destroy_a_provider_is_still_configured_with_what_it_needs(bench: Bench) -> None:
    text = (
        'resource "terraform_data" "where" { input = "here" }\n'
        'provider "test" { where = local.where }\nlocals { where = terraform_data.where.output }\n' + A
    )
    bench.apply(text)
    plan = bench.plan(text, destroy=True)
    assert plan.notices == ("It is at here.",)
    bench.apply(text, destroy=True)
    assert told(bench.found) == []
    assert bench.snapshot.resources == {}


def test_an_object_whose_provider_configuration_is_gone_is_not_deleted_by_another_one(bench: Bench) -> None:
    bench.apply('provider "test" { alias = "eu" }\n' + thing("a", "provider = test.eu"))
    with pytest.raises(DiagnosticError, match=r"Provider configuration not present.*test\.eu"):
        bench.plan("")


def test_a_provider_that_is_not_declared_by_its_alias_is_told(bench: Bench) -> None:
    with pytest.raises(DiagnosticError, match="Provider configuration not present"):
        bench.plan(thing("a", "provider = test.eu"))


def test_an_error_is_told_once_and_nothing_follows_from_it(bench: Bench) -> None:
    text = (
        thing("a", "size = 1000") + thing("b", "content = test_thing.a.id", "size = length(test_thing.a.content.x)")
        + "locals { l = [test_thing.b.labels[0], 1 / test_thing.b.size] }\n"
        + thing("c", "count = local.l[1]") + 'output "o" { value = test_thing.c[5].id }\n'
        + 'resource "test_thing" "d" { size = "x" }\n'
    )  # fmt: skip
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(text)
    assert sorted(told(caught.value.diagnostics)) == [
        "main.tf:16:27 Missing required argument",
        "main.tf:16:36 Incorrect attribute value type",
        "main.tf:3:10 Too large",
    ]


def test_what_failed_is_not_deleted_either(bench: Bench) -> None:
    bench.apply(thing("a", "count = 2"))
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(thing("a", "count = -1"))
    assert told(caught.value.diagnostics) == ["main.tf:3:11 Invalid count argument"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('resource "test_thng" "a" {}', "main.tf:1:10 Invalid resource type"),
        ('resource "nope_thing" "a" {}', "main.tf:1:1 Unknown provider"),
        ('provider "nope" {}', "main.tf:1:1 Unknown provider"),
        (thing("a", "bogus = 1"), "main.tf:3:3 Unsupported argument"),
        (thing("a", 'id = "x"'), "main.tf:3:3 Value for unconfigurable attribute"),
        (thing("a", "inner = { sped = 1 }"), "main.tf:3:13 Unsupported argument"),
        (thing("a", "content = nope.x"), "main.tf:3:13 Reference to undeclared resource"),
        (thing("a", "count = 0", "size = 1000"), "main.tf:4:10 Too large"),
        (thing("a", "count = 0", "bogus = 1"), "main.tf:4:3 Unsupported argument"),
        (thing("a", "for_each = {}", "size = each.key[0]"), "main.tf:4:18 Invalid index"),
        ('provider "test" { nope = 1 }\n' + A, "main.tf:1:19 Unsupported argument"),
        ('provider "test" { where = [] }\n' + A, "main.tf:1:27 Incorrect attribute value type"),
    ],
)
def test_what_is_wrong_with_an_object_is_told_where_it_is(bench: Bench, text: str, problem: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(text)
    assert told(caught.value.diagnostics)[0] == problem


@pytest.mark.parametrize(
    ("length", "said"), [pytest.param(0, [], id="none"), pytest.param(2, ["It is at x."], id="two objects, told once")]
)
def test_notices_of_a_provider_are_told_once(bench: Bench, length: int, said: list[str]) -> None:
    where = 'provider "test" { where = "x" }\n' if said else ""
    assert list(bench.plan(where + thing("a", f"count = {length}")).notices) == said


def test_a_record_that_does_not_fit_its_type_stops_the_plan(bench: Bench, tmp_path: Path) -> None:
    bench.apply(A)
    file = tmp_path / "terraform.tfstate"
    file.write_text(file.read_text().replace('"size": 1', '"size": "many"'))
    with pytest.raises(DiagnosticError, match=r"Invalid resource instance data in state.*size"):
        bench.plan(A)
    file.write_text(
        file.read_text().replace('"size": "many"', '"size": 1').replace('"schema_version": 0', '"schema_version": 9')
    )
    with pytest.raises(DiagnosticError, match="newer version of its provider"):
        bench.plan(A)
    file.write_text(
        file.read_text().replace('"schema_version": 9', '"schema_version": 0').replace("test_thing", "test_gone")
    )
    with pytest.raises(DiagnosticError, match="Unknown resource type in the state"):
        bench.plan("")


@pytest.mark.parametrize("value", ["var.v", "[var.v]", "{ a = var.v }", '"x${var.v}"', "sensitive(1)"])
def test_no_sensitive_value_is_an_output_by_accident(bench: Bench, value: str) -> None:
    text = 'variable "v" {\n sensitive = true\n default = "x"\n}\n'
    with pytest.raises(DiagnosticError, match="Output refers to sensitive values"):
        bench.plan(text + f'output "o" {{ value = {value} }}')
    assert "Output refers to sensitive values" in str(told(bench.validate(text + f'output "o" {{ value = {value} }}')))
    (output,) = bench.plan(text + f'output "o" {{\n value = {value}\n sensitive = true\n}}').outputs
    assert output.sensitive

"""Data sources and ephemeral resources: read or opened when what they ask for is known."""

import pytest

from engine.diagnostics import DiagnosticError
from engine.lang.values import is_unknown
from engine.plan.changes import Reason
from engine.plan.options import PlanOptions
from providers.errors import failure
from tests.engine.config.texts import details, told
from tests.engine.plan.workbench import Bench, actions, only, thing


def lookup(name: str, *lines: str) -> str:
    body = "".join(f"  {line}\n" for line in (f"name = {name}", *lines))
    return f'data "test_lookup" "l" {{\n{body}}}\n'


SHOWN = 'output "o" { value = data.test_lookup.l.found }\n'


def test_a_data_source_is_read_while_planning_and_recorded(bench: Bench) -> None:
    plan = bench.plan(lookup('"x"') + SHOWN)
    assert bench.world.calls == ["lookup x"]
    assert plan.changes == ()
    assert plan.outputs[0].after == "found x"
    bench.apply(lookup('"x"') + SHOWN)
    assert bench.snapshot.find("data.test_lookup.l") is not None
    bench.apply("locals {}")
    assert bench.snapshot.resources == {}


def test_every_instance_is_read(bench: Bench) -> None:
    plan = bench.plan(
        lookup("each.key", 'for_each = toset(["x", "y"])') + 'output "o" { value = data.test_lookup.l["y"].found }'
    )
    assert sorted(bench.world.calls) == ["lookup x", "lookup y"]
    assert plan.outputs[0].after == "found y"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(thing("a") + lookup("test_thing.a.id"), Reason.READ_UNKNOWN, id="arguments unknown"),
        pytest.param(
            thing("a") + lookup('"x"', "depends_on = [test_thing.a]"), Reason.READ_DEPENDENCY, id="depends on a change"
        ),
    ],
)
def test_what_cannot_be_read_yet_is_read_during_apply(bench: Bench, text: str, reason: Reason) -> None:
    plan = bench.plan(text + SHOWN)
    change = plan.changes[-1]
    assert (change.action.value, change.reason) == ("read", reason)
    assert is_unknown(plan.outputs[0].after)
    assert bench.world.calls == []
    bench.apply(text + SHOWN)
    assert bench.world.calls == ["create a", "lookup id-1" if reason is Reason.READ_UNKNOWN else "lookup x"]
    assert bench.snapshot.outputs["o"].value == bench.world.calls[1].replace("lookup", "found")
    assert not bench.plan(text + SHOWN).has_changes


def test_a_data_source_that_cannot_be_read_is_told_where_it_stands(bench: Bench) -> None:
    bench.world.fail("lookup x", failure("Not there", "Nobody is called x.", "name"))
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(lookup('"x"') + SHOWN)
    assert told(caught.value.diagnostics) == ["main.tf:2:10 Not there"]


def test_in_a_check_it_only_warns(bench: Bench) -> None:
    text = (
        'check "c" {\n'
        + lookup('"x"')
        + 'assert {\n condition = data.test_lookup.l.found == "y"\n error_message = "no y"\n}\n}'
    )
    bench.world.fail("lookup x", failure("Not there", "Nobody is called x."))
    plan = bench.plan(text)
    assert [check.instances[0].problems for check in plan.checks] == [("Not there: Nobody is called x.",)]
    assert told(bench.found) == ["main.tf:2:1 Not there"]
    assert only(plan).reason is Reason.READ_CHECK
    del bench.world.on["lookup x"]
    bench.apply(text)
    assert [item.summary for item in bench.found] == ["Check block assertion failed"]
    assert "no y" in str(bench.snapshot.check_results)


KEY = 'ephemeral "test_key" "k" {\n  name = "k"\n}\n'


def test_an_ephemeral_object_lives_for_a_run_and_is_never_recorded(bench: Bench) -> None:
    text = (
        KEY
        + 'provider "test" {}\nlocals { t = ephemeral.test_key.k.token }\noutput "o" {\n value = ephemeralasnull(local.t) == null\n sensitive = true\n}'
    )
    bench.plan(text)
    assert bench.world.calls == ["open k", "close k"]
    bench.apply(text)
    assert bench.world.calls[-2:] == ["open k", "close k"]
    stored = (bench.directory / "terraform.tfstate").read_text()
    assert "secret-of-k" not in stored
    assert "test_key" not in stored


def test_an_ephemeral_value_stays_out_of_the_state(bench: Bench) -> None:
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(KEY + thing("a", "token = ephemeral.test_key.k.token"))
    assert "Ephemeral values are not valid" in details(caught.value.diagnostics)


def test_with_a_target_other_data_is_not_read(bench: Bench) -> None:
    from engine.address import parse_target

    plan = bench.plan(thing("a") + lookup('"x"'), PlanOptions(targets=(parse_target("test_thing.a"),)))
    assert actions(plan) == {"test_thing.a": "create"}
    assert bench.world.calls == []


def test_what_is_only_written_is_sent_and_never_stored(bench: Bench) -> None:
    text = KEY + thing("a", "size = 1", "password = ephemeral.test_key.k.token", type="test_kept")
    plan = bench.plan(text)
    assert "secret-of-k" not in repr(plan)
    bench.apply(text)
    assert bench.world.told == ["secret-of-k"]
    assert bench.object("test_kept.a").attributes["password"] is None
    assert not bench.plan(text).has_changes
    bench.apply(text.replace("size = 1", "size = 2"))
    assert bench.world.told == ["secret-of-k"] * 2
    assert "secret-of-k" not in (bench.directory / "terraform.tfstate").read_text()

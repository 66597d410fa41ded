"""Targets: a plan for some objects, and what they cannot do without."""

import pytest

from engine.address import parse_target
from engine.diagnostics import DiagnosticError
from engine.plan.options import Mode, PlanOptions
from tests.engine.config.texts import told
from tests.engine.plan.workbench import Bench, actions, thing

CHAIN = (
    thing("a")
    + thing("b", "content = test_thing.a.id")
    + thing("c", "content = test_thing.b.id")
    + thing("n", "count = 3")
)


def targets(*texts: str, mode: str = "normal") -> PlanOptions:
    return PlanOptions(mode, targets=tuple(map(parse_target, texts)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "made"),
    [
        pytest.param(targets("test_thing.b"), ["a", "b"], id="with what it needs"),
        pytest.param(targets("test_thing.n[1]"), ["n[1]"], id="one instance"),
        pytest.param(targets("test_thing.n"), ["n[0]", "n[1]", "n[2]"], id="all instances"),
        pytest.param(targets("test_thing.a", "test_thing.n[0]"), ["a", "n[0]"], id="several"),
        pytest.param(targets("test_thing.zzz"), [], id="nothing of that name"),
        pytest.param(PlanOptions(excluded=(parse_target("test_thing.b"),)), ["a", "n[0]", "n[1]", "n[2]"], id="without what needs it"),
        pytest.param(PlanOptions(excluded=(parse_target("test_thing.n[1]"),)), ["a", "b", "c", "n[0]", "n[2]"], id="without an instance"),
    ],
)  # fmt: skip
def test_only_what_is_named_is_planned_and_done(bench: Bench, options: PlanOptions, made: list[str]) -> None:
    plan = bench.plan(CHAIN, options)
    assert sorted(actions(plan)) == [f"test_thing.{name}" for name in made]
    assert not plan.complete
    bench.apply(CHAIN, options)
    assert len(bench.world.calls) == len(made)
    assert bench.found.items == []


def test_to_destroy_takes_along_what_depends_on_it(bench: Bench) -> None:
    bench.apply(CHAIN)
    bench.apply(CHAIN, targets("test_thing.b", mode="destroy"))
    assert bench.world.calls == ["delete c", "delete b"]
    assert "test_thing.a" in bench.snapshot.resources


@pytest.mark.parametrize(
    ("mode", "left_out", "calls"),
    [
        pytest.param("normal", "test_thing.a", [], id="what needs it stays as well"),
        pytest.param("normal", "test_thing.b", ["delete a", "create z"], id="what it needs does not"),
        pytest.param("destroy", "test_thing.b", ["delete c", "delete n"], id="what it needs is not destroyed"),
        pytest.param("destroy", "test_thing.a", ["delete c", "delete b", "delete n"], id="what needs it is"),
    ],
)
def test_what_is_left_out_stays_with_all_that_hangs_on_it(
    bench: Bench, mode: Mode, left_out: str, calls: list[str]
) -> None:
    chain = CHAIN.replace("count = 3", "count = 1")
    bench.apply(chain)
    bench.apply(chain.replace('name = "a"', 'name = "z"'), PlanOptions(mode, excluded=(parse_target(left_out),)))
    assert sorted(bench.world.calls) == sorted(calls)


def test_other_outputs_stay_as_they_are(bench: Bench) -> None:
    text = CHAIN + 'output "a" { value = test_thing.a.name }\noutput "n" { value = "one" }'
    bench.apply(text)
    bench.apply(text.replace('name = "a"', 'name = "z"').replace('"one"', '"two"'), targets("test_thing.a"))
    assert {name: output.value for name, output in bench.snapshot.outputs.items()} == {"a": "z", "n": "one"}


def test_half_a_move_is_none(bench: Bench) -> None:
    bench.apply(thing("a") + thing("other"))
    text = thing("a").replace('"test_thing" "a"', '"test_thing" "c"') + thing("other")
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(text + "moved {\n from = test_thing.a\n to = test_thing.c\n}", targets("test_thing.other"))
    assert told(caught.value.diagnostics) == ["nowhere Moved resource instances excluded by targeting"]

"""Moves: recorded objects under the names that the configuration has for them now."""

import pytest

from engine.diagnostics import DiagnosticError
from engine.plan.changes import Reason
from tests.engine.config.texts import details, told
from tests.engine.plan.workbench import Bench, actions, thing


def moved(source: str, target: str) -> str:
    return f"moved {{\n  from = {source}\n  to = {target}\n}}\n"


A, B = "test_thing.a", "test_thing.b"
NAMED_A = 'name = "a"'


def as_b(*lines: str) -> str:
    """Return the block of `a` under the name `b`."""
    return thing("a", *lines).replace('"test_thing" "a"', '"test_thing" "b"')


MOVES = {
    "a resource": ("", as_b() + moved(A, B), {B: A}),
    "all instances": ("count = 2", as_b("count = 2") + moved(A, B), {f"{B}[0]": f"{A}[0]", f"{B}[1]": f"{A}[1]"}),
    "one instance": ("count = 2", thing("a", 'for_each = toset(["x", "y"])') + moved(f"{A}[0]", f'{A}["x"]') + moved(f"{A}[1]", f'{A}["y"]'), {f'{A}["x"]': f"{A}[0]", f'{A}["y"]': f"{A}[1]"}),
    "a chain": ("", as_b() + moved("test_thing.c", B) + moved(A, "test_thing.c"), {B: A}),
    "into count": ("", thing("a", "count = 1"), {f"{A}[0]": A}),
    "out of count": ("count = 1", thing("a"), {A: f"{A}[0]"}),
    "nothing there": ("", thing("a") + moved("test_thing.x", "test_thing.y"), {A: None}),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "was"), [pytest.param(*row, id=name) for name, row in MOVES.items()])
def test_an_object_goes_where_it_is_said_to(bench: Bench, before: str, after: str, was: dict[str, str | None]) -> None:
    bench.apply(thing("a", *([before] if before else [])))
    ids = {
        instance.attributes["id"] for one in bench.snapshot.resources.values() for instance in one.instances.values()
    }
    plan = bench.plan(after)
    assert set(actions(plan).values()) == {"no-op"}
    assert {change.name: change.previous_address and str(change.previous_address) for change in plan.changes} == was
    assert plan.has_changes is any(was.values())
    bench.apply(after)
    assert bench.world.calls == []
    kept = {
        instance.attributes["id"] for one in bench.snapshot.resources.values() for instance in one.instances.values()
    }
    assert kept == ids
    assert {str(change.address) for change in bench.plan(after).changes if change.previous_address is None} == set(was)


WRONG = {
    "from what is still there": (thing("a") + as_b() + moved(A, B), "Moved object still exists", "still declared"),
    "to the same": (thing("a") + moved(A, A), "Redundant move statement", "same address"),
    "twice from": (as_b() + moved(A, B) + moved(A, "test_thing.c"), "Ambiguous move statements", "another move from"),
    "twice to": (as_b() + moved(A, B) + moved("test_thing.c", B), "Ambiguous move statements", "another move to"),
    "round": (moved(A, B) + moved(B, A), "Cyclic dependency in move statements", "go round in a circle"),
    "another type": (as_b() + moved("test_ticket.a", B), "Resource type mismatch", "another type"),
}


@pytest.mark.parametrize(("text", "summary", "detail"), [pytest.param(*row, id=name) for name, row in WRONG.items()])
def test_what_is_wrong_with_a_move_is_told(bench: Bench, text: str, summary: str, detail: str) -> None:
    bench.apply(thing("a"))
    with pytest.raises(DiagnosticError) as caught:
        bench.plan(text)
    assert [line.partition(" ")[2] for line in told(caught.value.diagnostics)] == [summary]
    assert detail in details(caught.value.diagnostics)


def test_a_move_to_an_address_that_is_taken_is_told_and_left_out(bench: Bench) -> None:
    bench.apply(thing("a") + thing("b"))
    plan = bench.plan(thing("b") + moved(A, B))
    assert actions(plan) == {B: "no-op", A: "delete"}
    assert "could not move to test_thing.b" in details(bench.found)


def test_what_moves_to_no_block_goes_and_says_so(bench: Bench) -> None:
    bench.apply(thing("a"))
    (change,) = bench.plan("locals {}\n" + moved(A, B)).changes
    assert (change.name, change.reason) == (B, Reason.NO_MOVE)


def test_a_killed_run_has_moved_already(bench: Bench) -> None:
    bench.apply(thing("a"))
    text = as_b() + thing("c") + moved(A, B)
    bench.world.fail("create c", RuntimeError("boom"))
    bench.apply(text)
    assert bench.object(B).attributes["name"] == "a"
    assert bench.snapshot.find(A) is None

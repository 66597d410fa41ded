"""Refresh: what objects have become in the meantime, before anything is planned."""

import pytest

from engine.diagnostics import DiagnosticError
from engine.plan.options import PlanOptions
from providers.errors import failure
from tests.engine.config.texts import told
from tests.engine.plan.workbench import Bench, actions, thing

A = thing("a", "size = 1", type="test_kept")
ONLY = PlanOptions("refresh-only")


def test_what_changed_outside_is_told_and_put_right(bench: Bench) -> None:
    bench.apply(A)
    bench.world.answer("read a", size=5)
    plan = bench.plan(A)
    assert bench.world.calls == ["read a"]
    assert [(item.path, item.before, item.after) for item in plan.drift[0].attributes] == [(("size",), 1, 5)]
    assert [(item.before, item.after) for item in plan.changes[0].attributes] == [(5, 1)]
    bench.apply(A)
    assert bench.world.calls == ["read a", "update a"]


def test_what_is_gone_is_made_again(bench: Bench) -> None:
    bench.apply(A)
    bench.world.answer("read a", gone=True)
    plan = bench.plan(A)
    assert [change.action.value for change in plan.drift] == ["delete"]
    assert actions(plan) == {"test_kept.a": "create"}


@pytest.mark.parametrize(("at_a_time", "most"), [(1, 1), (3, 3), (10, 6)])
def test_so_many_are_asked_at_a_time(bench: Bench, at_a_time: int, most: int) -> None:
    many = "".join(thing(name, type="test_kept") for name in "abcdef")
    bench.apply(many)
    bench.world.most_at_once = 0
    bench.plan(many, PlanOptions(at_a_time=at_a_time))
    assert len(bench.world.calls) == 6
    assert bench.world.most_at_once == most


def test_without_refresh_nobody_is_asked(bench: Bench) -> None:
    bench.apply(A)
    bench.world.answer("read a", size=5)
    plan = bench.plan(A, PlanOptions(refresh=False))
    assert bench.world.calls == []
    assert actions(plan) == {"test_kept.a": "no-op"}


def test_refresh_only_takes_up_what_changed_and_changes_nothing(bench: Bench) -> None:
    text = A + 'output "o" { value = test_kept.a.size }'
    bench.apply(text)
    bench.world.answer("read a", size=5)
    plan = bench.plan(text.replace("size = 1", "size = 2"), ONLY)
    assert (plan.changes, plan.has_changes) == ((), True)
    bench.apply(text, ONLY)
    assert bench.world.calls == ["read a"]
    assert bench.object("test_kept.a").attributes["size"] == 5
    assert bench.snapshot.outputs["o"].value == 5
    bench.world.answer("read a", gone=True)
    bench.apply(text, ONLY)
    assert bench.snapshot.resources == {}


def test_objects_whose_blocks_are_gone_are_asked_too(bench: Bench) -> None:
    bench.apply(A)
    bench.world.answer("read a", gone=True)
    plan = bench.plan("locals {}")
    assert plan.changes == ()
    assert [change.action.value for change in plan.drift] == ["delete"]


def test_a_question_without_answer_is_an_error(bench: Bench) -> None:
    bench.apply(A)
    bench.world.fail("read a", failure("No answer", "Try again."))
    with pytest.raises(DiagnosticError, match="No answer"):
        bench.plan(A)
    assert told(bench.found) == ["nowhere No answer"]

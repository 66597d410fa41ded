import asyncio
import os
import signal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.events import OperationFailed, OperationFinished, OperationProgress, OperationStarted
from providers.errors import OutcomeUnknown, Problem, ProviderError, failure
from providers.unknown import UNKNOWN
from state.backend import LockedState
from state.errors import JournalError
from state.journal import Journal
from state.replay import UnknownOutcome
from state.snapshot import Snapshot
from tests.engine.config.texts import details, told
from tests.engine.plan.workbench import Bench, actions, thing, ticket

CHAIN = thing("a") + thing("b", "content = test_thing.a.id") + thing("c", "content = test_thing.b.id")


def renamed(text: str, *names: str) -> str:
    for name in names:
        text = text.replace(f'name = "{name}"', f'name = "{name}2"')
    return text


def test_objects_are_made_after_those_they_need_with_their_values(bench: Bench) -> None:
    outcome = bench.apply(CHAIN + 'output "o" { value = test_thing.c.content }')
    assert bench.world.calls == ["create a", "create b", "create c"]
    assert (outcome.added, outcome.changed, outcome.destroyed, outcome.failed, outcome.skipped) == (3, 0, 0, [], [])
    assert bench.object("test_thing.c").attributes["content"] == {"value": "id-2", "type": "string"}
    assert bench.snapshot.outputs["o"].value == "id-2"
    assert bench.object("test_thing.c").dependencies == ["test_thing.a", "test_thing.b"]
    assert bench.world.opened == 1
    assert told(bench.found) == []


def test_objects_go_before_those_they_need(bench: Bench) -> None:
    bench.apply(CHAIN)
    outcome = bench.apply(CHAIN, destroy=True)
    assert bench.world.calls == ["delete c", "delete b", "delete a"]
    assert outcome.destroyed == 3
    assert bench.snapshot.resources == {}
    assert bench.snapshot.outputs == {}


@pytest.mark.parametrize(
    ("rename", "calls"),
    [
        pytest.param(["b"], ["delete b", "create b2", "update c"], id="old one first"),
        pytest.param(
            ["a", "b", "c"], ["delete c", "delete b", "delete a", "create a2", "create b2", "create c2"], id="a chain"
        ),
    ],
)
def test_a_replacement_keeps_to_the_order(bench: Bench, rename: list[str], calls: list[str]) -> None:
    bench.apply(CHAIN)
    bench.apply(renamed(CHAIN, *rename))
    assert bench.world.calls == calls
    assert actions(bench.plan(renamed(CHAIN, *rename))) == dict.fromkeys(
        ["test_thing.a", "test_thing.b", "test_thing.c"], "no-op"
    )


def test_a_replacement_made_first_lets_the_old_one_go_last(bench: Bench) -> None:
    text = ticket("a") + thing("b", "content = test_ticket.a.id")
    bench.apply(text)
    bench.apply(renamed(text, "a"))
    assert bench.world.calls == ["create a2", "update b", "delete a"]
    assert bench.object("test_thing.b").attributes["content"] == {"value": "id-3", "type": "string"}
    assert len(bench.snapshot.resources["test_ticket.a"].instances) == 1


def test_an_old_object_that_would_not_go_is_kept_as_deposed_and_deleted_by_the_next_run(bench: Bench) -> None:
    bench.apply(ticket("a"))
    bench.world.fail("delete a", failure("Not now", "Try later."))
    outcome = bench.apply(renamed(ticket("a"), "a"))
    assert (outcome.added, outcome.destroyed, outcome.failed) == (1, 0, ["test_ticket.a"])
    kept = bench.snapshot.resources["test_ticket.a"].instances
    ((_, deposed),) = [key for key in kept if key[1] is not None]
    assert deposed is not None
    assert kept[None, deposed].attributes["id"] == "id-1"
    assert kept[None, None].attributes["id"] == "id-2"
    plan = bench.plan(renamed(ticket("a"), "a"))
    assert actions(plan) == {"test_ticket.a": "no-op", f"test_ticket.a (deposed object {deposed})": "delete"}
    bench.world.on.clear()
    bench.apply(renamed(ticket("a"), "a"))
    assert bench.world.calls == ["delete a"]
    assert list(bench.snapshot.resources["test_ticket.a"].instances) == [(None, None)]


def test_at_most_so_many_operations_run_at_once(bench: Bench) -> None:
    bench.apply(thing("a", "count = 12"), parallelism=3)
    assert bench.world.most_at_once == 3
    bench.world.most_at_once = 0
    bench.apply("", parallelism=1)
    assert bench.world.most_at_once == 1


def test_a_failure_stops_what_depends_on_it_and_nothing_else(bench: Bench) -> None:
    bench.world.fail("create b", failure("Refused", "Too small.", "size"))
    text = thing("a") + thing("b", "content = test_thing.a.id", "size = 1") + thing("c", "content = test_thing.b.id")
    text += thing("d") + 'output "d" { value = test_thing.d.id }\noutput "c" { value = test_thing.c.id }\n'
    outcome = bench.apply(text)
    assert sorted(bench.world.calls) == ["create a", "create b", "create d"]
    assert (outcome.added, outcome.failed, outcome.skipped) == (2, ["test_thing.b"], ["test_thing.c"])
    assert told(bench.found) == ["main.tf:7:10 Refused"]
    assert sorted(bench.snapshot.resources) == ["test_thing.a", "test_thing.d"]
    assert sorted(bench.snapshot.outputs) == ["d"]
    assert [type(event) for event in bench.events if event.address.resource.name == "b"] == [
        OperationStarted,
        OperationFailed,
    ]


def test_an_output_that_could_not_be_evaluated_anew_stays_as_it_was(bench: Bench) -> None:
    bench.apply(thing("a") + 'output "o" { value = test_thing.a.id }')
    bench.world.fail("create a2", failure("Refused", "No."))
    bench.apply(renamed(thing("a"), "a") + 'output "o" { value = test_thing.a.id }')
    assert bench.snapshot.outputs["o"].value == "id-1"
    assert bench.snapshot.resources == {}  # the old one is gone, the new one was not made


def test_a_replacement_whose_old_object_would_not_go_is_not_made(bench: Bench) -> None:
    bench.apply(thing("a"))
    bench.world.fail("delete a", failure("Refused", "No."))
    outcome = bench.apply(renamed(thing("a"), "a"))
    assert (outcome.failed, outcome.skipped) == (["test_thing.a"], [])
    assert bench.object("test_thing.a").attributes["name"] == "a"


def unknown(verb: str) -> list[UnknownOutcome]:
    return [UnknownOutcome("test_thing.a", verb, "", None)]


@pytest.mark.parametrize(
    ("verb", "after"), [("create", thing("a")), ("update", thing("a", "size = 2")), ("delete", "")]
)
def test_an_outcome_that_nobody_knows_is_told_and_the_record_stays(bench: Bench, verb: str, after: str) -> None:
    if verb != "create":
        bench.apply(thing("a"))
    before = bench.snapshot
    bench.world.fail(f"{verb} a", OutcomeUnknown(Problem("No answer", "It may have taken effect.")))
    outcome = bench.apply(after)
    assert outcome.failed == ["test_thing.a"]
    assert [item.summary for item in bench.found] == ["No answer"]
    assert bench.snapshot.resources == before.resources


def test_a_provider_that_breaks_is_told_without_what_it_said_and_others_go_on(bench: Bench) -> None:
    bench.world.fail("create a", KeyError("hunter2hunter2"))
    outcome = bench.apply(thing("a") + thing("b"))
    assert (outcome.added, outcome.failed) == (1, ["test_thing.a"])
    assert told(bench.found) == ["main.tf:1:1 Provider has a bug"]
    assert "KeyError in fail" in details(bench.found)
    assert "hunter2" not in details(bench.found)


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "wrong type": ({"revision": "many"}, "Provider produced invalid object", '"revision" has the wrong type'),
    "still unknown": ({"id": UNKNOWN}, "Provider produced invalid object", '"id" is still unknown'),
    "not as planned": ({"revision": 7}, "Provider produced inconsistent result after apply", '"revision" is not what was planned'),
    "not as configured": ({"note": "other"}, "Provider produced inconsistent result after apply", '"note" is not what was planned'),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "summary", "detail"), [pytest.param(*row, id=name) for name, row in WRONG.items()])
def test_an_answer_that_cannot_be_right_is_told_and_the_object_recorded(
    bench: Bench, answer: dict[str, Any], summary: str, detail: str
) -> None:
    bench.world.answer("create a", **answer)
    outcome = bench.apply(thing("a", 'note = "own"') + thing("b", "content = test_thing.a.id"))
    assert told(bench.found) == [f"main.tf:1:1 {summary}"]
    assert detail in details(bench.found)
    assert "provider test" in details(bench.found)
    assert (outcome.failed, outcome.skipped) == (["test_thing.a"], ["test_thing.b"])
    assert bench.object("test_thing.a").status == "tainted"
    assert actions(bench.plan(thing("a")))["test_thing.a"] == "delete/create"


def test_an_update_with_an_answer_that_cannot_be_right_keeps_what_was_known(bench: Bench) -> None:
    bench.apply(thing("a"))
    bench.world.answer("update a", id=["x"])
    bench.apply(thing("a", "size = 2"))
    one = bench.object("test_thing.a")
    assert (one.attributes["id"], one.attributes["size"], one.status) == ("id-1", 2, None)


def test_what_was_ignored_is_ignored_again_when_other_values_become_known(bench: Bench) -> None:
    ignore = "lifecycle {\n ignore_changes = [size]\n }"
    bench.apply(thing("n") + thing("a", "size = 1", ignore))
    bench.apply(renamed(thing("n"), "n") + thing("a", "size = 2", "content = test_thing.n.id", ignore))
    assert told(bench.found) == []
    one = bench.object("test_thing.a")
    assert one.attributes["size"] == 1
    assert one.attributes["content"] == {"value": "id-3", "type": "string"}


def test_an_attribute_that_turns_out_null_leaves_a_computed_one_to_the_provider(bench: Bench) -> None:
    bench.world.answer("create n", note=None)
    bench.apply(thing("n") + thing("a", "note = test_thing.n.note"))
    assert [item for item in told(bench.found) if "test_thing.a" in item] == []
    assert bench.object("test_thing.a").attributes["note"] == "noted"


def test_what_becomes_known_is_checked_before_anything_is_sent(bench: Bench) -> None:
    bench.world.answer("create n", id="x")
    outcome = bench.apply(thing("n") + thing("a", "size = length(test_thing.n.id) * 1000"))
    assert told(bench.found)[-1] == "main.tf:6:10 Too large"
    assert "create a" not in bench.world.calls
    assert outcome.failed[-1] == "test_thing.a"


def test_secrets_that_come_from_the_provider_are_known_at_once(bench: Bench) -> None:
    bench.apply(thing("a", 'token = "hunter2hunter2"', 'inner = { password = "geheim-geheim" }'))
    hidden = bench.found.secrets.hide("hunter2hunter2 and geheim-geheim")
    assert "hunter2" not in hidden
    assert "geheim" not in hidden


def test_events_tell_of_start_and_end_with_the_identity(bench: Bench) -> None:
    bench.apply(thing("a"))
    (started, finished) = bench.events
    assert isinstance(started, OperationStarted)
    assert isinstance(finished, OperationFinished)
    assert (started.verb, started.identity, finished.identity) == ("create", None, ("id", "id-1"))
    bench.apply("")
    assert [event.identity for event in bench.events] == [("id", "id-1"), ("id", "id-1")]  # type: ignore[union-attr]


def test_a_long_operation_says_that_it_is_still_going_on(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.apply.run.PROGRESS_INTERVAL", 0.0)
    bench.apply(thing("a"))
    assert any(isinstance(event, OperationProgress) for event in bench.events)


class Refusing:
    """A locked state whose journal takes so many records and then no more."""

    def __init__(self, locked: LockedState, records: int) -> None:
        self._locked = locked
        self._records = records

    def read(self) -> tuple[Snapshot, list[UnknownOutcome]]:
        return self._locked.read()

    def write(self, snapshot: Snapshot) -> Snapshot:
        return self._locked.write(snapshot)

    def overwrite(self, snapshot: Snapshot) -> Snapshot:
        return self._locked.overwrite(snapshot)

    def journal(self, base: Snapshot) -> Journal:
        journal = self._locked.journal(base)
        left = iter(range(self._records))
        append = journal.append

        async def refuse(*records: Any) -> None:
            if next(left, None) is None:
                raise JournalError("Journal cannot be written", "The disk is full.")
            await append(*records)

        journal.append = refuse  # type: ignore[method-assign]
        return journal


@pytest.mark.parametrize(
    ("records", "made"),
    [
        pytest.param(0, [], id="before anything"),
        pytest.param(1, ["test_thing.a"], id="after the first was made: it is known"),
        pytest.param(2, ["test_thing.a"], id="between two"),
        pytest.param(3, ["test_thing.a", "test_thing.b"], id="after the second was made"),
    ],
)
def test_a_journal_that_takes_no_more_ends_the_run_with_everything_known_recorded(
    bench: Bench, records: int, made: list[str]
) -> None:
    outcome = bench.apply(CHAIN, parallelism=1, locked=lambda held: Refusing(held, records))
    assert [item.summary for item in bench.found] == ["Journal cannot be written"]
    assert sorted(bench.snapshot.resources) == made
    assert len(bench.world.calls) == len(made)
    assert not set(outcome.failed) & set(outcome.skipped)
    assert len(outcome.failed) + len(outcome.skipped) + outcome.added == 3


def test_what_is_in_flight_ends_when_the_journal_takes_no_more(bench: Bench) -> None:
    text = thing("a") + thing("b") + thing("c", "content = test_thing.a.id")
    bench.apply(text, locked=lambda held: Refusing(held, 2))
    assert sorted(bench.world.ended) == ["create a", "create b"]
    assert sorted(bench.snapshot.resources) == ["test_thing.a", "test_thing.b"]


def interrupting(bench: Bench, call: str, times: int, *, then_wait: bool) -> None:
    async def interrupt() -> None:
        for _ in range(times):
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(0.01)  # let the loop hear of it
        if then_wait:
            await asyncio.Event().wait()

    bench.world.on[call] = interrupt


def test_an_interrupt_lets_what_is_in_flight_end_and_begins_nothing_new(bench: Bench) -> None:
    interrupting(bench, "create a", 1, then_wait=False)
    said: list[str] = []
    outcome = bench.apply(CHAIN, notify=said.append)
    assert bench.world.ended == ["create a"]
    assert (outcome.added, outcome.failed, outcome.skipped) == (1, [], ["test_thing.b", "test_thing.c"])
    assert [item.summary for item in bench.found] == ["Interrupted"]
    assert len(said) == 1
    assert list(bench.snapshot.resources) == ["test_thing.a"]


def test_a_second_interrupt_stops_at_once_and_tells_what_was_in_flight(bench: Bench) -> None:
    bench.world.fail("create x", failure("Refused", "No."))
    interrupting(bench, "create b", 2, then_wait=True)
    said: list[str] = []
    bench.apply(CHAIN + thing("x"), notify=said.append)
    assert [item.summary for item in bench.found] == ["Refused", "Outcome unknown", "Interrupted"]
    assert "test_thing.b was in work (create)" in details(bench.found)
    assert len(said) == 2
    assert list(bench.snapshot.resources) == ["test_thing.a"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_nothing_to_do_leaves_the_state_alone(bench: Bench) -> None:
    bench.apply(CHAIN)
    serial = bench.snapshot.serial
    outcome = bench.apply(CHAIN)
    assert (outcome.added, outcome.changed, outcome.destroyed) == (0, 0, 0)
    assert (bench.snapshot.serial, bench.world.calls, bench.world.opened) == (serial, [], 1)


def test_new_dependencies_of_an_object_that_stays_are_recorded(bench: Bench) -> None:
    bench.apply(thing("a") + thing("b"))
    bench.apply(thing("a") + thing("b", "depends_on = [test_thing.a]"))
    assert bench.world.calls == []
    assert bench.object("test_thing.b").dependencies == ["test_thing.a"]
    bench.apply("")
    assert bench.world.calls == ["delete b", "delete a"]


def test_dependencies_turned_round_do_not_hold_up_a_run(bench: Bench) -> None:
    bench.apply(thing("a") + thing("b", "depends_on = [test_thing.a]"))
    bench.apply(thing("a", "depends_on = [test_thing.b]") + thing("b"))
    bench.apply("")
    assert sorted(bench.world.calls) == ["delete a", "delete b"]
    assert bench.snapshot.resources == {}


def test_two_configurations_of_a_provider_are_opened_each_once_and_only_when_needed(bench: Bench) -> None:
    text = 'provider "test" { alias = "eu" }\nprovider "test" { alias = "us" }\n'
    bench.apply(text + thing("a", "provider = test.eu") + thing("b", "provider = test.eu") + thing("c"))
    assert bench.world.opened == 2
    assert bench.snapshot.resources["test_thing.a"].provider == 'provider["example.com/tests/test"].eu'
    assert bench.snapshot.resources["test_thing.c"].provider == 'provider["example.com/tests/test"]'


def test_a_provider_that_cannot_be_opened_is_told_and_nothing_is_begun(bench: Bench) -> None:
    bench.world.closed = failure("No way in", "Put the key into the lock.")
    outcome = bench.apply(thing("a") + thing("b", "content = test_thing.a.id"))
    assert told(bench.found) == ["main.tf:1:1 No way in"]
    assert (outcome.failed, outcome.skipped) == (["test_thing.a"], ["test_thing.b"])
    assert (bench.world.calls, bench.unknown, bench.snapshot.resources) == ([], [], {})


TEXTS = {name: [thing(name), renamed(thing(name, "size = 2"), name), thing(name, "size = 3"), ""] for name in "abc"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.sets(st.sampled_from(
    [f"{verb} {name}" for verb in ("create", "update", "delete") for name in ("a", "b", "c", "a2", "b2", "c2")]), max_size=3)),
    min_size=1, max_size=4))  # fmt: skip
def test_after_any_failures_the_state_says_what_exists_and_a_run_without_them_ends_it(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[tuple[int, int, int, set[str]]]
) -> None:
    bench = Bench(tmp_path_factory.mktemp("bench"))
    text = ""
    exists: set[str] = set()
    for a, b, c, failing in rounds:
        text = TEXTS["a"][a] + TEXTS["b"][b] + TEXTS["c"][c]
        bench.world.on.clear()
        for call in failing:
            bench.world.fail(call, ProviderError(Problem("Refused", "No.")))
        bench.apply(text)
        for call in bench.world.ended:
            verb, name = call.split()
            exists = exists - {name} if verb == "delete" else exists | {name}
        recorded = {
            str(one.attributes["name"])
            for resource in bench.snapshot.resources.values()
            for one in resource.instances.values()
        }
        assert recorded == exists
    bench.world.on.clear()
    bench.apply(text)
    assert not bench.found.has_errors
    assert not bench.plan(text).has_changes

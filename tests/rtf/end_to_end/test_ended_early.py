"""Runs that are killed, interrupted or kept waiting: nothing that happened is lost, and nobody gets in between."""

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from providers.openai.emulator import create_app, running
from tests.rtf.end_to_end.commands import Folder
from tests.rtf.end_to_end.configurations import provider, secret
from tests.rtf.end_to_end.servers import Gate, HeldAnswers, listing

WORKERS = 10
UNKNOWN = re.compile(r"^(?:│ )?  - create (\S+), begun ", re.MULTILINE)


@contextmanager
def gated(gate: Gate) -> Iterator[str]:
    """Serve an emulator whose answers go through `gate`; it is opened in the end, whatever happens."""
    app = create_app()
    app.add_middleware(HeldAnswers, gate=gate)
    with running(app) as base_url:
        try:
            yield base_url
        finally:
            gate.open()


@contextmanager
def started(here: Folder, *arguments: str, unheard: bool = False) -> Iterator["subprocess.Popen[str]"]:
    """Start a command that does not outlive the test."""
    process = here.start(*arguments, unheard=unheard)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def unknown(text: str) -> set[str]:
    """Return the addresses of which a command says that the outcome is unknown."""
    found = UNKNOWN.findall(text)
    assert text.count("Warning: Outcome unknown") == (1 if found else 0)
    return set(found)


def on_server(base_url: str) -> set[str]:
    return {made["session_id"] for made in listing(base_url)["secrets"]}


@pytest.mark.parametrize("answered", [pytest.param(0, id="no answer"), pytest.param(87, id="87 answers"), pytest.param(190, id="190 answers")])  # fmt: skip
def test_a_killed_apply_of_200_loses_no_object_whose_answer_had_arrived(answered: int, here: Folder) -> None:
    gate = Gate(free=answered)
    with gated(gate) as base_url:
        here.write("main.hcl", provider(base_url) + secret(count=200))
        with started(here, "apply", "-auto-approve", unheard=True) as process:
            gate.wait(
                WORKERS, process
            )  # every worker waits for an answer: all that were sent before have been dealt with
            process.send_signal(signal.SIGKILL)
            process.wait(30)
        assert process.returncode == -signal.SIGKILL
        gate.open()

        planned = here.ok("plan", "-detailed-exitcode", "-lock=false", status=2)
        listed = here.ok("state", "list", status=0 if answered else 1).out.splitlines()
        recorded = here.objects()
        assert len(recorded) == len(listed) == answered
        assert {values["id"] for values in recorded.values()} <= on_server(base_url)
        assert len(on_server(base_url)) == answered + WORKERS
        assert len(unknown(planned.text)) == WORKERS
        assert not unknown(planned.text) & set(listed)
        assert f"Plan: {200 - answered} to add, 0 to change, 0 to destroy." in planned.out

        applied = here.ok("apply", "-auto-approve")
        assert unknown(applied.text) == unknown(planned.text)
        assert f"Apply complete! Resources: {200 - answered} added, 0 changed, 0 destroyed." in applied.out
        again = here.ok("plan", "-detailed-exitcode")
        assert unknown(again.text) == set()
        complete = here.objects()
        assert len(complete) == 200
        assert {name: complete[name] for name in recorded} == recorded


def test_an_apply_killed_at_any_moment_knows_what_it_made_or_that_it_does_not_know(here: Folder) -> None:
    with running(create_app()) as base_url:
        here.write("main.hcl", provider(base_url) + secret(count=200))
        with started(here, "apply", "-auto-approve") as process:
            assert process.stdout is not None
            complete = 0
            while complete < 60:
                complete += "Creation complete" in process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            process.wait(30)
        told = unknown(here.ok("plan").text)
        recorded = here.objects()
        lost = on_server(base_url) - {values["id"] for values in recorded.values()}
        assert len(recorded) >= 60
        assert len(lost) <= len(told) <= WORKERS
        here.ok("apply", "-auto-approve")
        here.ok("plan", "-detailed-exitcode")


def test_an_interrupt_lets_what_is_in_flight_end_and_begins_nothing_new(here: Folder) -> None:
    gate = Gate()
    with gated(gate) as base_url:
        here.write("main.hcl", provider(base_url) + secret(count=12))
        with started(here, "apply", "-auto-approve", "-parallelism=3") as process:
            gate.wait(3, process)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            heard = ""
            while "Interrupt received" not in heard:
                line = process.stderr.readline()
                assert line, "the command ended without a word about the interrupt"
                heard += line
            gate.open()
            out, err = process.communicate(timeout=30)
        assert process.returncode == 1
        assert "Error: Interrupted" in err
        assert "Resources: 3 added, 0 changed, 0 destroyed. 0 failed, 9 skipped." in out
        assert {values["id"] for values in here.objects().values()} == on_server(base_url)
        assert "Plan: 9 to add" in here.ok("plan").out
        assert "Outcome unknown" not in here.ok("plan").out


def test_a_second_interrupt_stops_at_once_and_says_what_it_does_not_know(here: Folder) -> None:
    gate = Gate()
    with gated(gate) as base_url:
        here.write("main.hcl", provider(base_url) + secret(count=12))
        with started(here, "apply", "-auto-approve", "-parallelism=3") as process:
            gate.wait(3, process)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            while "Interrupt received" not in process.stderr.readline():
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)
        assert process.returncode == 1
        assert "Second interrupt: stopping now." in err
        assert "Traceback" not in err
        assert err.count("Error: Outcome unknown") == 3
        gate.open()
        here.ok("apply", "-auto-approve")
        here.ok("plan", "-detailed-exitcode")


@pytest.mark.parametrize("command", [("apply", "-auto-approve"), ("plan",), ("destroy", "-auto-approve")], ids=lambda command: command[0])  # fmt: skip
def test_a_command_that_finds_the_state_locked_says_who_holds_the_lock(command: tuple[str, ...], here: Folder) -> None:
    gate = Gate()
    with gated(gate) as base_url:
        here.write("main.hcl", provider(base_url) + secret())
        with started(here, "apply", "-auto-approve") as process:
            gate.wait(1, process)
            second = here.start(*command)
            out, err = second.communicate(timeout=30)
            assert second.returncode == 1
            assert "Error: Error acquiring the state lock" in err
            assert "Operation: OperationTypeApply" in err
            assert re.search(r"Who: +\S+@\S+", err)
            assert "Traceback" not in out + err
            gate.open()
            first, _ = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "Apply complete! Resources: 1 added" in first
        assert len(on_server(base_url)) == 1


def test_a_plan_without_lock_looks_at_a_run_from_outside(here: Folder) -> None:
    gate = Gate(free=1)
    with gated(gate) as base_url:
        here.write("main.hcl", provider(base_url) + secret(count=3))
        with started(here, "apply", "-auto-approve", "-parallelism=1") as process:
            gate.wait(1, process)
            beside = here.start("plan", "-lock=false")
            out, _ = beside.communicate(timeout=30)
            assert beside.returncode == 0
            assert "Plan: 2 to add" in out
            gate.open()
            process.communicate(timeout=30)
        assert process.returncode == 0
        assert len(here.objects()) == 3


def test_of_two_applies_one_waits_for_the_other_when_told_to(here: Folder) -> None:
    gate = Gate()
    with gated(gate) as base_url:
        here.write("main.hcl", provider(base_url) + secret())
        with started(here, "apply", "-auto-approve") as first:
            gate.wait(1, first)
            with started(here, "apply", "-auto-approve", "-lock-timeout=1m") as second:
                gate.open()
                assert "1 added" in first.communicate(timeout=30)[0]
                assert "0 added, 0 changed, 0 destroyed" in second.communicate(timeout=60)[0]
        assert (first.returncode, second.returncode) == (0, 0)
        assert len(on_server(base_url)) == 1

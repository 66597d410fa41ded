"""Run a plan against the world, and leave a state that says what came of it, whatever happens.

Interrupts: the first lets what is in flight end and begins nothing new; the second stops at once and reports what
was in flight as of unknown outcome.
"""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.apply.executor import apply_plan
from engine.apply.recorder import Recorder
from engine.apply.run import Outcome
from engine.diagnostics import Diagnostics, error
from engine.events import Listener
from engine.lang.values import wholly_known
from engine.plan.changes import Plan
from engine.plan.objects import LoadProvider, creating_first, recorded_objects
from engine.plan.outputs import output_records
from engine.plan.rules import ASSERTIONS
from engine.plan.targeting import tell_of_incompleteness
from providers.registry import load_provider
from rtf.planning import Prepared
from rtf.workspace import Loaded, find_types, scope_of
from state.backend import LockedState
from state.snapshot import Snapshot

Notify = Callable[[str], None]
Interrupts = Callable[[asyncio.Event, Notify], AbstractContextManager[Sequence[int]]]
"""Watches for interrupts while a block runs, and gives those that came. The event stops the apply when it is set."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply came to, and the state after it."""

    outcome: Outcome
    snapshot: Snapshot


def apply(
    loaded: Loaded,
    plan: Plan,
    snapshot: Snapshot,
    locked: LockedState,
    found: Diagnostics,
    *,
    parallelism: int = 10,
    emit: Listener = lambda event: None,
    notify: Notify = lambda text: None,
    load: LoadProvider = load_provider,
    interrupts: Interrupts | None = None,
) -> Applied:
    """Do what `plan` says and store the outcome. Problems are added to `found`; the state has all that was done.

    `snapshot` is what the plan was made for. `emit` hears of each operation, `notify` of interrupts, which `interrupts`
    watches for when somebody else than this apply has to. Raises StateError when the outcome could not be stored.
    """
    return asyncio.run(
        _apply(loaded, plan, snapshot, locked, found, parallelism, emit, notify, load, interrupts or _interrupts)
    )


def carry_out(
    prepared: Prepared,
    locked: LockedState,
    found: Diagnostics,
    *,
    parallelism: int,
    emit: Listener = lambda event: None,
    notify: Callable[[str], None] = lambda text: None,
) -> Applied:
    """Apply a plan as `apply` does; `found` then has the warnings that belong to an apply as well."""
    found.forget(ASSERTIONS)  # of which apply has the last word
    tell_of_incompleteness(prepared.plan.options, found)
    return apply(
        prepared.loaded,
        prepared.plan,
        prepared.snapshot,
        locked,
        found,
        parallelism=parallelism,
        emit=emit,
        notify=notify,
    )


async def _apply(
    loaded: Loaded,
    plan: Plan,
    snapshot: Snapshot,
    locked: LockedState,
    found: Diagnostics,
    parallelism: int,
    emit: Listener,
    notify: Notify,
    load: LoadProvider,
    interrupts: Interrupts,
) -> Applied:
    providers, models = find_types(loaded.module, plan.prior, found, load)
    objects = recorded_objects(plan.prior, models, found)
    found.raise_errors()
    order = creating_first(loaded.graph, models)
    recorder = Recorder(snapshot.copy(), locked.journal(snapshot), models, providers, order)
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    scope = scope_of(loaded, plan.variables, moment, plan.timestamp)
    stop = asyncio.Event()
    outcome = Outcome()
    with interrupts(stop, notify) as interrupted, contextlib.suppress(asyncio.CancelledError):
        await apply_plan(
            loaded.module,
            loaded.graph,
            plan,
            scope,
            models,
            providers,
            objects,
            loaded.root.directory,
            recorder,
            parallelism,
            emit,
            found,
            stop,
            outcome,
        )
    if interrupted:
        detail = "The run was interrupted. What was done is in the state; plan again to see what is left."
        found.extend(error("Interrupted", detail).diagnostics)
    _keep_outputs(recorder.snapshot, loaded, plan, outcome)
    return Applied(outcome, locked.write(recorder.snapshot))


def _keep_outputs(snapshot: Snapshot, loaded: Loaded, plan: Plan, outcome: Outcome) -> None:
    """Put the outputs into the snapshot: those that were evaluated anew, and of the others what was there."""
    if plan.destroy:
        if not outcome.failed and not outcome.skipped and plan.complete:
            snapshot.outputs.clear()
        return
    outputs = loaded.module.outputs
    known = {name: value for name, value in outcome.outputs.items() if wholly_known(value)}  # not of what is gone
    fresh = output_records(known, {name: outputs[name].sensitive for name in known})
    kept = {name: old for name, old in snapshot.outputs.items() if name in outputs and name not in outcome.outputs}
    snapshot.outputs = dict(sorted({**kept, **fresh}.items()))


@contextmanager
def _interrupts(stop: asyncio.Event, notify: Notify) -> Iterator[list[int]]:
    """Take SIGINT and SIGTERM as requests to end, while the block runs in the main thread; give those that came.

    Afterwards they do what they did before: a program that uses rtf may have handlers of its own.
    """
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield came
        return
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()

    def interrupt(number: int) -> None:
        came.append(number)
        if len(came) > 1 and task is not None:
            notify("Second interrupt: stopping now. What is in flight has an unknown outcome.")
            task.cancel()
        else:
            notify("Interrupt received: waiting for what is in flight to end. Interrupt again to stop at once.")
            stop.set()

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        loop.add_signal_handler(number, interrupt, number)
    try:
        yield came
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            if handler is not None:  # one that was not set from Python cannot be put back
                signal.signal(number, handler)

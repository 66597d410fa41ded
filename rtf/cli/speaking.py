"""How plan, apply, destroy and refresh tell what they do: to people, or with `-json` to machines."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Literal, Protocol

import click

from engine.diagnostics import Diagnostics
from engine.events import Event, Listener
from engine.plan.changes import Counts, Plan, count
from rtf.cli.failures import Reported
from rtf.cli.session import show_plan, shown_outputs, telling
from rtf.cli.terminal import tell, uses_color
from rtf.planning import Prepared
from rtf.problems import as_diagnostics
from rtf.views.stream_json import Stream
from state.snapshot import TERRAFORM_VERSION

if TYPE_CHECKING:
    from rtf.applying import Applied


Purpose = Literal["apply", "destroy", "refresh"]


class Speaker(Protocol):
    """Tells the stages of a run as they come."""

    def read(self, event: Event) -> None:
        """Tell what planning looks at."""

    def plan(self, prepared: Prepared) -> None:
        """Tell what will be done."""

    def resume(self, prepared: Prepared) -> None:
        """Tell that a saved plan is about to be done."""

    def at_once(self, found: Diagnostics) -> None:
        """Tell what cannot wait for the end of the run, which may not live to tell it."""

    def pause(self) -> None:
        """Tell the warnings so far, before a person is asked."""

    def working(self, plan: Plan) -> AbstractContextManager[Listener]:
        """Give what hears of the operations."""

    def done(self, prepared: Prepared, applied: "Applied", *, purpose: Purpose) -> None:
        """Tell what was done."""


@contextmanager
def speaking(*, as_json: bool, no_color: bool) -> Iterator[tuple[Diagnostics, Speaker]]:
    """Give what collects problems and what tells the stages; at the end the problems are told as well.

    Errors end the command with status 1.
    """
    if not as_json:
        with telling(no_color=no_color) as found:
            yield found, People(found, no_color=no_color)
        return
    found = Diagnostics()
    stream = Stream(sys.stdout, TERRAFORM_VERSION)
    stream.hide_with(found.secrets.hide)
    try:
        yield found, Machines(found, stream)
    except (click.exceptions.Exit, KeyboardInterrupt, BrokenPipeError):
        stream.diagnostics(found)
        raise
    except Exception as problem:
        found.extend(as_diagnostics(problem))
    stream.diagnostics(found)
    if found.has_errors:
        raise Reported


class People:
    """Plain text, with colours and a live display on a terminal."""

    def __init__(self, found: Diagnostics, *, no_color: bool) -> None:
        self._found = found
        self._no_color = no_color

    def read(self, event: Event) -> None:
        """Tell what is read, where something really is."""
        from rtf.views.progress import event_line

        line = event_line(event)
        if line is not None:
            sys.stdout.write(f"{self._found.secrets.hide(line)}\n")

    def plan(self, prepared: Prepared) -> None:
        """Show the plan."""
        show_plan(prepared, self._found, no_color=self._no_color)

    def resume(self, prepared: Prepared) -> None:
        """People have seen the plan when it was saved."""

    def at_once(self, found: Diagnostics) -> None:
        """Show it."""
        tell(found, no_color=self._no_color)

    def pause(self) -> None:
        """Show the warnings so far."""
        tell(self._found, no_color=self._no_color)
        self._found.found.clear()

    @contextmanager
    def working(self, plan: Plan) -> Iterator[Listener]:
        """Show operations as they begin and end."""
        from rtf.views.progress import show_progress

        counts = count(plan.changes)
        with show_progress(
            sys.stdout,
            total=counts.add + counts.change + counts.destroy,
            color=uses_color(sys.stdout, no_color=self._no_color),
            live=sys.stdout.isatty(),
            hide=self._found.secrets.hide,
        ) as emit:
            yield emit

    def done(self, prepared: Prepared, applied: "Applied", *, purpose: Purpose) -> None:
        """Show the numbers and the outputs."""
        from rtf.views.outputs import outputs_block
        from rtf.views.progress import apply_summary, failure_summary

        outcome, color = applied.outcome, uses_color(sys.stdout, no_color=self._no_color)
        if self._found.has_errors:
            failed, skipped = outcome.failed, outcome.skipped
            sys.stdout.write(
                failure_summary(_counts(applied), failed, skipped, destroy=purpose == "destroy", color=color)
            )
            return
        if purpose != "refresh":
            sys.stdout.write(apply_summary(_counts(applied), destroy=purpose == "destroy", color=color))
        if not prepared.plan.destroy:
            sys.stdout.write(outputs_block(shown_outputs(applied.snapshot, self._found), color=color))


class Machines:
    """One JSON object to a line."""

    def __init__(self, found: Diagnostics, stream: Stream) -> None:
        self._found = found
        self._stream = stream

    def read(self, event: Event) -> None:
        """Tell what is read."""
        self._stream.tell(event)

    def plan(self, prepared: Prepared) -> None:
        """Tell what will be done."""
        self._stream.plan(prepared.plan, count(prepared.plan.changes))

    def resume(self, prepared: Prepared) -> None:
        """Tell what will be done, once more."""
        self._stream.planned(prepared.plan.changes)

    def at_once(self, found: Diagnostics) -> None:
        """Tell it."""
        self._stream.diagnostics(found)

    def pause(self) -> None:
        """Nobody is asked."""

    @contextmanager
    def working(self, plan: Plan) -> Iterator[Listener]:
        """Tell operations as they begin and end."""
        yield self._stream.tell

    def done(self, prepared: Prepared, applied: "Applied", *, purpose: Purpose) -> None:
        """Tell the numbers and the outputs."""
        if self._found.has_errors:
            return
        if purpose != "refresh":
            self._stream.summary(_counts(applied), purpose)
        if not prepared.plan.destroy:
            self._stream.outputs(shown_outputs(applied.snapshot, self._found))


def _counts(applied: "Applied") -> Counts:
    outcome = applied.outcome
    return Counts(outcome.added, outcome.changed, outcome.destroyed, outcome.imported)

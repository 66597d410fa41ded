"""Who hears of tests while they run: people on the standard streams, or machines with `-json`."""

import sys
from collections.abc import Iterable

from engine.diagnostics import Diagnostic, Diagnostics
from engine.testing.results import Abandoned, Event, RunEnded, RunResult, SuiteEnded, TornDown
from providers.redaction import Redactor
from rtf import workspace
from rtf.cli.records import Records, records_of
from rtf.cli.terminal import tell, uses_color, width_of
from rtf.views.stream_json import Stream
from rtf.views.terminal import wrap
from rtf.views.test_json import place_of, say_diagnostics, say_event
from rtf.views.test_shown import say_plan, say_state
from rtf.views.test_text import abandonment, event_text, in_order, leftovers, teardown_failure
from state.snapshot import Snapshot


class TextReport:
    """Plain text, with colours on a terminal. Errors go to standard error. With `verbose`, plans and states as well."""

    def __init__(self, secrets: Redactor, *, verbose: bool, no_color: bool) -> None:
        self._secrets = secrets
        self._verbose = verbose
        self._no_color = no_color

    def tell(self, event: Event) -> None:
        """Write what there is to say of an event."""
        width = width_of(sys.stderr)
        if isinstance(event, SuiteEnded):
            self._problems(event.result.warnings)
        sys.stdout.write(event_text(event, color=uses_color(sys.stdout, no_color=self._no_color)))
        sys.stdout.flush()
        if isinstance(event, RunEnded):
            self._show(event.result)
            self._problems(event.result.diagnostics)
        elif isinstance(event, TornDown):
            sys.stderr.write(teardown_failure(event, width=width))
            self._problems(event.diagnostics)
            sys.stderr.write(leftovers(event, width=width))
        elif isinstance(event, Abandoned):
            sys.stderr.write(abandonment(event, width=width))

    def interrupted(self, text: str) -> None:
        """Write that an interrupt came."""
        sys.stderr.write(f"\n{wrap(text, width_of(sys.stderr))}\n")

    def _problems(self, diagnostics: Iterable[Diagnostic]) -> None:
        found = Diagnostics(secrets=self._secrets)
        found.extend(in_order(diagnostics))
        tell(found, no_color=self._no_color)
        if any(item.severity.value == "warning" for item in found):
            sys.stdout.write("\n")

    def _show(self, result: RunResult) -> None:
        """Write what a run planned or made."""
        shown = result.shown
        if not self._verbose or shown is None:
            return
        color = uses_color(sys.stdout, no_color=self._no_color)
        if shown.plan is not None:
            from rtf.views.plan import render_plan

            records = _records(result, shown.plan.prior, self._secrets)
            text = render_plan(shown.plan, records.schemas, color=color, width=width_of(sys.stdout)) + "\n"
        elif shown.snapshot is not None:
            from rtf.views.state import render_state

            records = _records(result, shown.snapshot, self._secrets)
            text = "\n" + render_state(records.objects, records.outputs, records.schemas, color=color) + "\n"
        else:
            return
        sys.stdout.write(self._secrets.hide(text))


class JsonReport:
    """One JSON object to a line. With `verbose`, plans and states as well."""

    def __init__(self, stream: Stream, secrets: Redactor, *, verbose: bool) -> None:
        self._stream = stream
        self._secrets = secrets
        self._verbose = verbose

    def tell(self, event: Event) -> None:
        """Write what there is to say of an event."""
        say_event(self._stream, event, self._secrets)
        if isinstance(event, RunEnded):
            if self._verbose:
                self._show(event.file, event.result)
            place = place_of(event.file, event.result.name)
            say_diagnostics(self._stream, event.result.diagnostics, self._secrets, **place)

    def interrupted(self, text: str) -> None:
        """Write that an interrupt came."""
        self._stream.say("log", text)

    def _show(self, file: str, result: RunResult) -> None:
        shown, place, hide = result.shown, place_of(file, result.name), self._secrets.hide
        if shown is None:
            return
        snapshot = shown.plan.prior if shown.plan is not None else shown.snapshot
        if snapshot is None:
            return
        records = _records(result, snapshot, self._secrets)
        providers, _ = workspace.find_types(shown.module, snapshot, Diagnostics())
        kinds, sources = records.schemas, records.sources
        if shown.plan is not None:
            say_plan(self._stream, shown.plan, kinds, sources, providers.values(), hide, place)
        else:
            objects, outputs = records.objects, records.outputs
            say_state(self._stream, objects, outputs, kinds, sources, providers.values(), hide, place)


Report = TextReport | JsonReport


def _records(result: RunResult, snapshot: Snapshot, secrets: Redactor) -> Records:
    if result.shown is None:
        raise ValueError("a run that shows nothing has no records")
    return records_of(snapshot, result.shown.module, Diagnostics(secrets=secrets))

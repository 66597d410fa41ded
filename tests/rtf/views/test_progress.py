"""What an apply shows while it runs and when it ends."""

from io import StringIO

import pytest

from engine.address import ResourceAddress
from engine.events import Event, OperationFailed, OperationFinished, OperationProgress, OperationStarted
from engine.plan.changes import Counts
from rtf.views.progress import apply_summary, duration, event_line, failure_summary, show_progress

CALL = ResourceAddress("openai_call", "a").instance()
ID = ("id", "rtc_1")


@pytest.mark.parametrize(
    ("event", "line"),
    [
        pytest.param(OperationStarted(CALL, "create"), "openai_call.a: Creating...", id="creating"),
        pytest.param(OperationStarted(CALL, "update", ID), "openai_call.a: Modifying... [id=rtc_1]", id="modifying"),
        pytest.param(OperationStarted(CALL, "delete", ID), "openai_call.a: Destroying... [id=rtc_1]", id="destroying"),
        pytest.param(
            OperationProgress(CALL, "create", 10.02),
            "openai_call.a: Still creating... [10s elapsed]",
            id="still creating",
        ),
        pytest.param(
            OperationProgress(CALL, "delete", 70.0, ID),
            "openai_call.a: Still destroying... [id=rtc_1, 1m10s elapsed]",
            id="still destroying",
        ),
        pytest.param(
            OperationFinished(CALL, "create", 0.4, ID),
            "openai_call.a: Creation complete after 0s [id=rtc_1]",
            id="created",
        ),
        pytest.param(
            OperationFinished(CALL, "update", 1.2, ID),
            "openai_call.a: Modifications complete after 1s [id=rtc_1]",
            id="modified",
        ),
        pytest.param(
            OperationFinished(CALL, "delete", 3.0, ID), "openai_call.a: Destruction complete after 3s", id="destroyed"
        ),
        pytest.param(OperationFailed(CALL, "create", 1.0), None, id="failed, which diagnostics tell"),
    ],
)
def test_an_event_is_told_as_terraform_tells_it(event: Event, line: str | None) -> None:
    assert event_line(event) == line


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        pytest.param(0.2, "0s", id="no time"),
        pytest.param(59.6, "1m0s", id="rounded to a minute"),
        pytest.param(3605, "1h0m5s", id="hours"),
    ],
)
def test_times_are_whole_seconds(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_lines_hide_secrets_and_cannot_steer_the_terminal() -> None:
    stream = StringIO()
    with show_progress(stream, total=1, color=False, live=False, hide=lambda text: text.replace("hush", "***")) as tell:
        tell(OperationStarted(CALL, "update", ("id", "hush\x1b[2J\nx")))
        tell(OperationFailed(CALL, "update", 1.0))
    assert stream.getvalue() == "openai_call.a: Modifying... [id=***\\x1b[2J\\nx]\n"


def test_a_live_display_shows_what_is_under_way_and_counts() -> None:
    stream = StringIO()
    with show_progress(stream, total=3, color=False, live=True, hide=str, clock=lambda: 7.0) as tell:
        tell(OperationStarted(CALL, "create"))
        tell(OperationStarted(ResourceAddress("openai_call", "b").instance(), "delete", ID))
        tell(OperationFinished(CALL, "create", 7.0, ID))
    text = stream.getvalue()
    assert "openai_call.a: Creating..." in text
    assert "openai_call.a: Creation complete after 7s [id=rtc_1]" in text
    assert "1/3 done" in text
    assert "openai_call.b  destroying...  0s" in text


@pytest.mark.parametrize(
    ("destroy", "text"),
    [
        pytest.param(False, "\nApply complete! Resources: 2 added, 0 changed, 1 destroyed.\n", id="apply"),
        pytest.param(True, "\nDestroy complete! Resources: 1 destroyed.\n", id="destroy"),
    ],
)
def test_a_run_that_did_everything_is_summed_up(destroy: bool, text: str) -> None:
    assert apply_summary(Counts(2, 0, 1), destroy=destroy, color=False) == text


def test_a_run_that_failed_names_what_was_done_failed_and_skipped() -> None:
    text = failure_summary(Counts(1), ["openai_call.a"], ["openai_call.b", "openai_call.c"], destroy=False, color=False)
    assert text == (
        "\nApply incomplete. Resources: 1 added, 0 changed, 0 destroyed. 1 failed, 2 skipped.\n"
        "  failed:  openai_call.a\n  skipped: openai_call.b\n  skipped: openai_call.c\n"
    )

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from engine.diagnostics import error
from providers.errors import failure
from rtf.cli.failures import Refusal, Reported, status_of
from state.errors import StateError
from tests.rtf.cli.shell import environment


def raising(problem: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise problem

    return command


@pytest.mark.parametrize(
    ("problem", "status", "said"),
    [
        pytest.param(Reported(), 1, "", id="told already"),
        pytest.param(click.exceptions.Exit(2), 2, "", id="an exit status"),
        pytest.param(click.exceptions.Exit(0), 0, "", id="an early end"),
        pytest.param(click.UsageError("Not so."), 1, "Not so.\n", id="usage"),
        pytest.param(Refusal("Not now."), 1, "Not now.\n", id="refusal"),
        pytest.param(error("Wrong", "It is wrong."), 1, "Error: Wrong\n\nIt is wrong.", id="diagnostics"),
        pytest.param(StateError("Broken state", "It is."), 1, "Error: Broken state\n\nIt is.", id="state"),
        pytest.param(failure("Refused", "No."), 1, "Error: Refused\n\nNo.", id="provider"),
        pytest.param(KeyboardInterrupt(), 1, "Interrupted.", id="interrupt"),
        pytest.param(click.exceptions.Abort(), 1, "Interrupted.", id="abort"),
        pytest.param(KeyError("hunter2"), 1, "KeyError in command", id="a bug"),
        pytest.param(RecursionError(), 1, "rtf has a bug", id="recursion"),
    ],
)
def test_whatever_is_raised_becomes_a_message_and_a_status(
    problem: BaseException, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(raising(problem)) == status
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err
    assert "hunter2" not in err


@pytest.mark.parametrize(("result", "status"), [(None, 0), (0, 0), (2, 2), ("text", 0)])
def test_the_result_of_a_command_is_its_status(result: object, status: int) -> None:
    assert status_of(lambda: result) == status


def test_the_way_to_a_bug_is_shown_on_request(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RTF_DEBUG", "1")
    status_of(raising(KeyError("x")))
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_went_away_is_no_bug(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("".join(f'output "o{i}" {{ value = "{"x" * 100}" }}\n' for i in range(3000)))
    writer = subprocess.Popen(
        [sys.executable, "-c", "from rtf.cli import main; main()", "plan"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.read(10)
    writer.stdout.close()
    told = writer.stderr.read().decode()
    writer.stderr.close()
    assert writer.wait(60) == 1
    assert told == ""


def test_a_name_that_is_no_text_can_be_told(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from rtf.cli import main; main()", "validate", b"\xff.tf"],
        cwd=tmp_path,
        capture_output=True,
        env=environment(),
    )
    assert run.returncode == 1
    assert b"Failed to read module directory" in run.stderr
    assert b"has a bug" not in run.stderr

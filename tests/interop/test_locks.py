"""One lock for both tools: who works on a state keeps the other off, and leaves the way free when it ends or dies."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.interop.both import TOOLS, Both, Tool, other

SLOW = """
resource "terraform_data" "quick" {}
resource "terraform_data" "slow" {
  input = terraform_data.quick.id
  provisioner "local-exec" {
    command = "touch began; while [ ! -e go ]; do sleep 0.02; done"
  }
}
"""


@contextmanager
def applying(both: Both, tool: Tool) -> Iterator["subprocess.Popen[str]"]:
    """Start an apply that is in the middle of its work until there is a file `go`."""
    both.write(main=SLOW)
    both.init(tool)
    process = both.start(tool, "apply", "-auto-approve", "-no-color")
    try:
        while not (both.path / "began").exists():
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        yield process
    finally:
        (both.path / "go").touch()
        process.kill()
        process.communicate()


@pytest.mark.parametrize("holder", TOOLS)
@pytest.mark.parametrize(
    ("command", "operation"),
    [
        pytest.param(["plan"], "OperationTypePlan", id="plan"),
        pytest.param(["apply", "-auto-approve"], "OperationTypeApply", id="apply"),
        pytest.param(["destroy", "-auto-approve"], "OperationTypeApply", id="destroy"),
        pytest.param(["state", "rm", "terraform_data.quick"], "state-rm", id="state rm"),
        pytest.param(["taint", "terraform_data.quick"], "taint", id="taint"),
    ],
)
def test_who_works_keeps_the_other_off(both: Both, holder: Tool, command: list[str], operation: str) -> None:
    with applying(both, holder) as process:
        note = json.loads((both.path / ".terraform.tfstate.lock.info").read_bytes())
        kept_off = both.run(other(holder), *command)
        assert kept_off.status == 1
        assert "Error acquiring the state lock" in kept_off.text
        assert note["Operation"] == "OperationTypeApply"
        for told in (note["ID"], note["Who"], "Operation: OperationTypeApply"):
            assert told in kept_off.text.replace("│", "").replace("\n", " ") or told in kept_off.text
        (both.path / "go").touch()
        out, err = process.communicate(timeout=30)
        assert process.returncode == 0, out + err
    assert not (both.path / ".terraform.tfstate.lock.info").exists()
    both.settled()


@pytest.mark.parametrize("holder", TOOLS)
def test_who_only_looks_is_not_kept_off(both: Both, holder: Tool) -> None:
    both.write(main='resource "terraform_data" "quick" {}\n')
    both.init(holder)
    both.apply(holder)
    with applying(both, holder):
        for tool in TOOLS:
            both.ok(tool, "state", "list")
            both.ok(tool, "show")
            both.plan(tool, "-lock=false", status=2)


def test_rtf_waits_for_terraform_and_goes_on_from_what_it_made(both: Both) -> None:
    with applying(both, "terraform") as process:
        waiting = both.start("rtf", "apply", "-auto-approve", "-lock-timeout=1m")
        (both.path / "go").touch()
        process.communicate(timeout=30)
        out, err = waiting.communicate(timeout=60)
    assert (process.returncode, waiting.returncode) == (0, 0), out + err
    assert "0 added, 0 changed, 0 destroyed" in out
    both.settled()


def test_the_lock_of_a_killed_terraform_is_gone(both: Both) -> None:
    with applying(both, "terraform") as process:
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        assert (both.path / ".terraform.tfstate.lock.info").exists(), "its note stays"
        (both.path / "go").touch()
        both.apply("rtf")
    assert not (both.path / ".terraform.tfstate.lock.info").exists()
    both.settled()


def test_what_a_killed_rtf_made_is_there_for_terraform_once_rtf_has_looked(both: Both) -> None:
    with applying(both, "rtf") as process:
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        planned = both.plan("rtf", status=2)
    assert "terraform_data.slow is tainted, so must be replaced" in planned.out
    assert both.ok("terraform", "state", "list").out.split() == ["terraform_data.quick", "terraform_data.slow"]
    assert "1 added, 0 changed, 1 destroyed" in both.apply("terraform").out
    both.settled()

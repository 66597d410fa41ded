"""The same files in the hands of the real Terraform, where there is one."""

import os
import shutil
import subprocess
import time
from decimal import Decimal
from pathlib import Path

import pytest

from state.backends.local import LocalBackend
from state.codec import decode, encode
from state.errors import StateLocked
from state.jsontext import Json
from state.snapshot import TERRAFORM_VERSION, Instance, Output, ResourceHeader, Snapshot
from tests.state.samples import CALL, PROVIDER, instance

pytestmark = pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on PATH")

SLOW = """
resource "terraform_data" "slow" {
  input = "new"
  provisioner "local-exec" { command = "touch began; while [ ! -e go ]; do sleep 0.05; done" }
}
"""


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    configuration = folder / "terraform.rc"
    configuration.touch()
    settings = {**os.environ, "TF_CLI_CONFIG_FILE": str(configuration), "CHECKPOINT_DISABLE": "1"}
    command = ["terraform", *arguments, "-no-color"]
    return subprocess.Popen(
        command, cwd=folder, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def terraform(folder: Path, *arguments: str) -> tuple[int, str]:
    with start(folder, *arguments) as child:
        printed, _ = child.communicate(timeout=120)
    return child.returncode, printed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(SLOW)
    assert terraform(tmp_path, "init", "-input=false")[0] == 0
    return tmp_path


def wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.01)


def test_terraform_reads_what_we_write_and_writes_it_the_same(folder: Path) -> None:
    made = Snapshot.empty()
    for key in ("b", 'a"q', "é", "10"):
        made.put(CALL, instance("x", key, "0a1b2c3d" if key == "10" else None))
    for number in (10, 2, 0):
        made.put(ResourceHeader("terraform_data", "n", PROVIDER, module='module.m["<&>"]'), instance("y", number))
    attributes: dict[str, Json] = {
        **instance("z").attributes,
        "input": {"value": "<\u2028\x01\x7f\b>", "type": "string"},
    }
    made.put(ResourceHeader("terraform_data", "z", PROVIDER), Instance(attributes, status="tainted", private="YQ=="))
    made.outputs["n"] = Output([Decimal("0.10000000000000000001"), 10**40], ["list", "number"], sensitive=True)
    backend = LocalBackend(folder / "terraform.tfstate")
    with backend.lock("OperationTypeApply") as state:
        stored = state.write(made)
    code, printed = terraform(folder, "state", "pull")
    assert code == 0
    # `state pull` takes no -no-color, and its output has no line end of its own.
    assert printed.encode().rstrip() == encode(stored).rstrip()


def test_a_running_terraform_holds_us_off(folder: Path) -> None:
    with start(folder, "apply", "-auto-approve") as child:
        wait_for(folder / "began")
        with (
            pytest.raises(StateLocked) as caught,
            LocalBackend(folder / "terraform.tfstate").lock("OperationTypePlan"),
        ):
            pass
        (folder / "go").touch()
        child.communicate(timeout=60)
    assert caught.value.holder is not None
    assert caught.value.holder.operation == "OperationTypeApply"
    assert caught.value.holder.version == TERRAFORM_VERSION
    found = LocalBackend(folder / "terraform.tfstate").read()
    assert list(found.resources) == ["terraform_data.slow"]


def test_we_hold_terraform_off_also_after_a_rewrite(folder: Path) -> None:
    backend = LocalBackend(folder / "terraform.tfstate")
    with backend.lock("OperationTypeApply") as state:
        state.write(Snapshot.empty())
        code, printed = terraform(folder, "plan")
    assert code == 1
    assert "Error acquiring the state lock" in printed
    assert "Operation: OperationTypeApply" in printed
    assert terraform(folder, "plan")[0] == 0


def test_a_terraform_that_waited_for_our_lock_never_works_on_the_state_of_before(folder: Path) -> None:
    (folder / "go").touch()
    path = folder / "terraform.tfstate"
    path.write_bytes(encode(Snapshot("3f8a5f0e-8f0b-4b5e-9a63-0d8c2f6b1c11", 1)))
    with LocalBackend(path).lock("OperationTypeApply") as state:
        after = state.read()[0].copy()
        after.outputs["ours"] = Output("kept", "string")
        with start(folder, "apply", "-auto-approve", "-lock-timeout=60s") as child:
            assert child.stdout is not None
            while "Acquiring state lock" not in child.stdout.readline():
                assert child.poll() is None
            state.write(after)
            state.close()
            printed, _ = child.communicate(timeout=60)
    assert child.returncode == 1
    assert "Unsupported state file format" in printed
    assert not (folder / "began").exists(), "it changed nothing"
    assert decode(path.read_bytes(), "x").outputs["ours"].value == "kept"

import subprocess
import sys
from pathlib import Path

import pytest

from tests.rtf.cli.shell import environment

COMMAND = [sys.executable, "-c", "from rtf.cli import main; main()"]


def completed(directory: Path, line: str, shell: str = "bash") -> list[str]:
    """Return what a shell offers at the end of a line."""
    words = line.split(" ")
    run = subprocess.run(
        COMMAND,
        cwd=directory,
        capture_output=True,
        text=True,
        env=environment(
            _RTF_COMPLETE=f"{shell}_complete",
            COMP_WORDS="\n".join(words) if shell == "fish" else line,
            COMP_CWORD=words[-1] if shell == "fish" else str(len(words) - 1),
        ),
    )
    assert run.stderr == ""
    assert run.returncode == 0
    return [entry.split(",")[-1].split("\t")[0] for entry in run.stdout.splitlines()]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        pytest.param("rtf pl", ["plan"], id="command"),
        pytest.param("rtf plan -o", ["-out"], id="flag with one dash"),
        pytest.param("rtf plan -detailed-", ["-detailed-exitcode"], id="long flag"),
        pytest.param("rtf -ch", ["-chdir"], id="global flag"),
        pytest.param("rtf state sh", ["show"], id="command of a group"),
        pytest.param("rtf apply -auto", ["-auto-approve"], id="switch"),
        pytest.param("rtf plan -var a=1 -ou", ["-out"], id="after other flags"),
        pytest.param("rtf -chdir=x plan -ou", ["-out"], id="after a global flag"),
        pytest.param("rtf completion z", ["zsh"], id="word of a few"),
        pytest.param("rtf plan -bogus -ou", ["-out"], id="after a flag that is not known"),
        pytest.param("rtf bogus -zz", [""], id="after a command that is not known"),
    ],
)
def test_a_shell_can_complete_commands_and_flags(tmp_path: Path, line: str, offered: list[str]) -> None:
    assert completed(tmp_path, line) == offered


def test_every_command_is_offered(tmp_path: Path) -> None:
    offered = completed(tmp_path, "rtf ")
    assert {"init", "validate", "plan", "apply", "destroy", "show", "output", "state", "version"} <= set(offered)


def test_files_are_left_to_the_shell(tmp_path: Path) -> None:
    assert completed(tmp_path, "rtf plan -out=") == [""]


@pytest.mark.parametrize(
    ("shell", "registration"), [("bash", "complete -o nosort"), ("zsh", "compdef"), ("fish", "complete --no-files")]
)
def test_a_script_for_a_shell_registers_the_command(tmp_path: Path, shell: str, registration: str) -> None:
    run = subprocess.run(
        [*COMMAND, "completion", shell], cwd=tmp_path, capture_output=True, text=True, env=environment()
    )
    assert run.returncode == 0
    assert registration in run.stdout
    assert "_RTF_COMPLETE" in run.stdout

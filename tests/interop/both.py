"""One folder in the hands of two tools: rtf, in this process, and a real terraform, where there is one."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.rtf.end_to_end.commands import Folder, Run, folder

TERRAFORM = shutil.which("terraform")

Tool = Literal["terraform", "rtf"]
TOOLS: tuple[Tool, Tool] = ("terraform", "rtf")


def other(tool: Tool) -> Tool:
    """Return the tool that is not this one."""
    return "rtf" if tool == "terraform" else "terraform"


@dataclass(frozen=True, slots=True)
class Both:
    """A working directory for both tools; neither sees anything of the environment of the tests."""

    here: Folder

    @property
    def path(self) -> Path:
        """The working directory."""
        return self.here.path

    @property
    def state(self) -> Path:
        """The state file."""
        return self.path / "terraform.tfstate"

    def write(self, **files: str) -> None:
        """Make the configuration be these files, named without `.tf`; `a__b` is b in the folder a."""
        for old in self.path.rglob("*.tf"):
            old.unlink()
        for name, text in files.items():
            path = self.path.joinpath(*f"{name}.tf".split("__"))
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def run(self, tool: Tool, *arguments: str) -> Run:
        """Run one command."""
        if tool == "rtf":
            return self.here.run(*arguments)
        process = self.start(tool, *arguments)
        out, err = process.communicate(timeout=60)
        return Run(process.returncode, out, err)

    def ok(self, tool: Tool, *arguments: str, status: int = 0) -> Run:
        """Run one command that has to end with `status`."""
        run = self.run(tool, *arguments)
        assert run.status == status, f"{tool} {' '.join(arguments)}: {run.status}\n{run.text}"
        return run

    def start(self, tool: Tool, *arguments: str) -> "subprocess.Popen[str]":
        """Start one command in a process of its own."""
        if tool == "rtf":
            return self.here.start(*arguments)
        return subprocess.Popen(
            [str(TERRAFORM), *arguments],
            cwd=self.path,
            env=dict(self.here.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def init(self, tool: Tool) -> None:
        """Make the folder ready for use."""
        self.ok(tool, "init", "-no-color", "-input=false")

    def apply(self, tool: Tool, *arguments: str, status: int = 0) -> Run:
        """Apply without asking."""
        return self.ok(tool, "apply", "-auto-approve", "-no-color", *arguments, status=status)

    def plan(self, tool: Tool, *arguments: str, status: int = 0) -> Run:
        """Plan; status 0 says that there is nothing to do, 2 that there is."""
        return self.ok(tool, "plan", "-detailed-exitcode", "-no-color", *arguments, status=status)

    def shown(self, tool: Tool) -> Any:
        """Return the state as a tool tells it to programs."""
        return json.loads(self.ok(tool, "show", "-json").out)

    def tree(self) -> Any:
        """Return what the state file holds."""
        return json.loads(self.state.read_bytes())

    def settled(self) -> None:
        """Both tools see nothing to do, tell the same of the state, and would write it as it is written."""
        before, tree = self.state.read_bytes(), self.tree()
        for tool in TOOLS:
            self.plan(tool)
            assert _lines(self.ok(tool, "state", "pull").out) == _lines(before.decode()), tool
        assert in_order(self.shown("rtf")) == in_order(self.shown("terraform"))
        self.apply("rtf")
        assert self.state.read_bytes() == before, "there was nothing to do"
        self.apply("terraform")
        assert in_order({**self.tree(), "serial": 0}) == in_order({**tree, "serial": 0}), "there was nothing to do"


# Terraform writes sensitive paths and results of checks in an order that changes from run to run.
_SHUFFLED = {"sensitive_attributes", "check_results", "checks", "instances", "objects"}


def _lines(text: str) -> list[str]:
    return sorted(line.removesuffix(",") for line in text.rstrip().splitlines())


def _text(tree: Any) -> str:
    return json.dumps(tree, sort_keys=True)


def in_order(tree: Any) -> Any:
    """Return data of Terraform without the order that it gives some lists by chance."""
    if isinstance(tree, dict):
        ordered = {key: in_order(item) for key, item in tree.items()}
        return {
            key: sorted(item, key=_text) if key in _SHUFFLED and isinstance(item, list) else item
            for key, item in ordered.items()
        }
    return [in_order(item) for item in tree] if isinstance(tree, list) else tree


def both_at(path: Path) -> Both:
    """Return a folder for both tools."""
    return Both(folder(path, CHECKPOINT_DISABLE="1", LC_ALL="C.UTF-8", TZ="UTC"))

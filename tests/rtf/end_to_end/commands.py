"""Run commands of rtf as a shell would: in this process, which is quick, or in one of their own, to be killed."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import rtf.cli

COMMAND = [sys.executable, "-c", "from rtf.cli import main; main()"]


@dataclass(frozen=True, slots=True)
class Run:
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Everything that a person sees."""
        return self.out + self.err


@dataclass(frozen=True, slots=True)
class Folder:
    """A working directory with a configuration in it, and the environment of the commands that run there."""

    path: Path
    environment: Mapping[str, str]

    def write(self, name: str, text: str) -> Path:
        """Write a file of the configuration."""
        file = self.path / name
        file.write_text(text, encoding="utf-8", newline="")
        return file

    def run(self, *arguments: str, answer: str = "", **variables: str) -> Run:
        """Run one command in this process; `answer` is what a person types, `variables` adds to the environment."""
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.path),
            patch.dict(os.environ, {**self.environment, **variables}, clear=True),
            patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(answer.encode()), encoding="utf-8")),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            status = rtf.cli.run(arguments)
        return Run(status, out.getvalue(), err.getvalue())

    def ok(self, *arguments: str, status: int = 0, **variables: str) -> Run:
        """Run one command that has to end with `status`."""
        run = self.run(*arguments, **variables)
        assert run.status == status, run.text
        return run

    def start(self, *arguments: str, unheard: bool = False) -> "subprocess.Popen[str]":
        """Start one command in a process of its own, with pipes to read from, or `unheard`.

        Whoever does not read what a long run says stops it when the pipe is full.
        """
        return subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.path,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if unheard else subprocess.PIPE,
            stderr=subprocess.DEVNULL if unheard else subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def objects(self) -> dict[str, dict[str, Any]]:
        """Return the attributes of every object in the state, by address."""
        shown = json.loads(self.ok("show", "-json").out)
        resources = shown.get("values", {}).get("root_module", {}).get("resources", [])
        return {resource["address"]: resource["values"] for resource in resources}


def folder(path: Path, **variables: str) -> Folder:
    """Return a folder at `path` whose commands see nothing of the environment of the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    home = path.parent / f"{path.name}.home"
    path.mkdir(parents=True, exist_ok=True)
    home.mkdir(exist_ok=True)
    return Folder(path, {**kept, "HOME": str(home), "RTF_CACHE": "off", **variables})

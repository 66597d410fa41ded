"""Run commands as a shell would, in this process."""

import contextlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

import rtf.cli


@dataclass(frozen=True, slots=True)
class Run:
    """What a command came to."""

    status: int
    out: str
    err: str


def rtf_in(directory: Path, *arguments: str) -> Run:
    """Run one command in a directory."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(directory), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = rtf.cli.run(arguments)
    return Run(status, out.getvalue(), err.getvalue())


def environment(**variables: str) -> dict[str, str]:
    """Return the environment for a command in a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    return {**kept, "RTF_CACHE": "off", **variables}

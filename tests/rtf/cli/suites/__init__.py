"""Suites of tests in one text each, and what a command told of them, so that two commands can be compared.

A text has lines `$ arguments` for commands, then files, each under a line `-- name --`.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_FILE = re.compile(r"^-- (\S+) --\n", re.MULTILINE)
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_STEP = re.compile(r"\S+\.\.\. (?:in progress|tearing down|\w+)$|  run \".*\"\.\.\. \w+$|(?:Success|Failure)! |  - \S")
_PROBLEM = re.compile(r"(Error|Warning): (.*)")
_PLACE = re.compile(r"  on (\S+) line (\d+)")


@dataclass(frozen=True, slots=True)
class Case:
    """Files, and the commands to run on them."""

    commands: tuple[tuple[str, ...], ...]
    files: dict[str, str]

    def write(self, directory: Path) -> None:
        for name, text in self.files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def read_case(path: Path) -> Case:
    head, *parts = _FILE.split(path.read_text(encoding="utf-8"))
    commands = [tuple(line[2:].split()) for line in head.splitlines() if line.startswith("$ ")]
    return Case(tuple(commands), dict(zip(parts[::2], parts[1::2], strict=True)))


def told(status: int, out: str, err: str) -> str:
    """Return what a command told: its steps in order, then the problems; of errors where, of assertions what they say."""
    lines = (*out.splitlines(), *err.splitlines())
    steps = [line for line in lines if _STEP.match(line)]
    problems = sorted({*_problems(out.splitlines()), *_problems(err.splitlines())})
    return _UUID.sub("<id>", "\n".join([*steps, f"exit {status}", *problems, ""]))


def _problems(lines: list[str]) -> list[str]:
    found: list[list[str]] = []
    for line in lines:
        if match := _PROBLEM.match(line):
            found.append([f"{match[1]}: {match[2]}"])
        elif found and found[-1][0].startswith("Error") and (match := _PLACE.match(line)):
            found[-1].append(f" at {match[1]}:{match[2]}")
        elif found and _says(found[-1][0]) and line and line[0] not in " /" and not _STEP.match(line):
            found[-1].append(f": {line}")
    return ["".join(parts) for parts in found]


def _says(problem: str) -> bool:
    return problem == "Error: Test assertion failed"

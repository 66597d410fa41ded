"""Flags that several commands share."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from rtf.cli.arguments import GIVEN, TooManyArguments

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def _existing(ctx: click.Context, parameter: click.Parameter, path: Path) -> Path:
    """Refuse a root module that is not there: Terraform takes no such word, so it is probably none."""
    if ctx.resilient_parsing or os.path.lexists(path):
        return path
    from engine.config.load import similar_root

    raise TooManyArguments(f'There is nothing at "{path}".{similar_root(path)}', ctx)


root = click.argument("root", type=click.Path(path_type=Path), default=".", metavar="[DIR|FILE]", callback=_existing)
"""The root module: a directory, or one file that is a module of its own."""

checked_root = click.argument("root", type=click.Path(path_type=Path), default=".", metavar="[DIR|FILE]")
"""The same, where the command itself tells that there is nothing at a path."""

root_option = click.option(
    "-root",
    "-config",
    "root",
    type=click.Path(path_type=Path),
    default=".",
    metavar="DIR|FILE",
    help="The root module; the current directory unless given.",
)
"""The root module, where the words of the command line mean something else."""

test_directory = click.option(
    "-test-directory",
    "directory",
    default="tests",
    metavar="DIR",
    help='A folder with tests, besides the files of the root module; "tests" unless given.',
)
no_color = click.option("-no-color", is_flag=True, help="Write no colours, on a terminal either.")
json_output = click.option("-json", "as_json", is_flag=True, help="Write JSON for machines.")


def _at_least_one(ctx: click.Context, parameter: click.Parameter, value: int) -> int:
    if value < 1:
        raise click.BadParameter(f"at least 1 operation has to run at a time, not {value}.", ctx, parameter)
    return value


parallelism = click.option(
    "-parallelism",
    type=int,
    default=10,
    callback=_at_least_one,
    metavar="N",
    help="How many operations may run at a time; 10 unless given.",
)
auto_approve = click.option(
    "-auto-approve/-no-auto-approve", default=False, help="Do not ask before changing anything."
)
input_allowed = click.option(
    "-input/-no-input", "ask", default=True, help="Ask for what is missing; true unless given."
)


def variables(command: Decorated) -> Decorated:
    """Add `-var` and `-var-file`. `given_variables` tells them in the order in which they were given."""
    for name, metavar, text in (
        ("-var-file", "FILE", "Read values of variables from a file. May be given several times."),
        ("-var", "NAME=VALUE", "Set one variable. May be given several times."),
    ):
        command = click.option(name, multiple=True, metavar=metavar, help=text, expose_value=False)(command)
    return command


def given_variables(ctx: click.Context) -> list[tuple[str, str]]:
    """Return ("var", "name=value") and ("var-file", path) as they stand on the command line: later ones win."""
    return [(name.lstrip("-"), value) for name, value in ctx.meta.get(GIVEN, ()) if name in ("-var", "-var-file")]


def _duration(ctx: click.Context, parameter: click.Parameter, text: str) -> float:
    seconds = parse_duration(text)
    if seconds is None:
        raise click.BadParameter(f'"{text}" is not a duration; write 30s, 5m or 1h30m.', ctx, parameter)
    return seconds


_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def parse_duration(text: str) -> float | None:
    """Return a duration such as `1h30m` in seconds, or None when the text is none."""
    import re

    if not re.fullmatch(r"(\d+(\.\d+)?(ms|s|m|h))+|0", text):
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h)", text))


_STATE = "rtf.state"  # under this name a command's context has the values of the flags about state files


@dataclass(frozen=True, slots=True)
class StateFlags:
    """What the command line says about state files and their lock."""

    state: Path | None = None
    state_out: Path | None = None
    backup: str | None = None
    lock: bool = True
    lock_timeout: float = 0.0

    @property
    def backup_wanted(self) -> str | None:
        """Where the backup goes, or None when that was left to us; the state commands keep one in any case."""
        return None if self.backup in ("", "-") else self.backup


def _keep(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value not in (None, ""):
        ctx.meta.setdefault(_STATE, {})[parameter.name] = value


def _keep_path(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    _keep(ctx, parameter, Path(value) if value else None)


def _keep_duration(ctx: click.Context, parameter: click.Parameter, text: str) -> None:
    _keep(ctx, parameter, _duration(ctx, parameter, text))


def given_state() -> StateFlags:
    """Return what the flags of the command at work say about state files."""
    return StateFlags(**click.get_current_context().meta.get(_STATE, {}))


ignore_remote_version = click.option(
    "-ignore-remote-version",
    is_flag=True,
    expose_value=False,
    help="Taken for scripts that were written for Terraform; local states have no remote version.",
)
_state = click.option(
    "-state", metavar="FILE", callback=_keep_path, expose_value=False, help="The state file to read and write."
)
_state_out = click.option(
    "-state-out", metavar="FILE", callback=_keep_path, expose_value=False, help="Write the state to this file instead."
)
_backup = click.option(
    "-backup",
    metavar="FILE",
    callback=_keep,
    expose_value=False,
    help='Where to keep what was there before; "-" keeps nothing. The state file\'s name with .backup unless given.',
)
_lock = click.option(
    "-lock/-no-lock",
    "lock",
    default=True,
    callback=_keep,
    expose_value=False,
    help="Hold the lock of the state meanwhile; true unless given.",
)
_lock_timeout = click.option(
    "-lock-timeout",
    default="0s",
    metavar="DURATION",
    callback=_keep_duration,
    expose_value=False,
    help="How long to wait for the lock of the state, such as 30s or 5m.",
)


def state_input(command: Decorated) -> Decorated:
    """Add `-state`: which state is looked at."""
    return _state(command)


def locking(command: Decorated) -> Decorated:
    """Add `-lock` and `-lock-timeout`."""
    return _lock(_lock_timeout(command))


def state_change(command: Decorated) -> Decorated:
    """Add `-state` and `-backup`, `-lock` and `-lock-timeout`: which state is changed in place, and how."""
    return _state(_backup(locking(command)))


def state_files(command: Decorated) -> Decorated:
    """Add what `state_change` adds, and `-state-out`. `given_state` tells what was given."""
    return _state(_state_out(_backup(locking(command))))

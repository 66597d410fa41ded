"""Flags that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from engine.diagnostics import did_you_mean
from rtf.cli.arguments import GIVEN, TooManyArguments

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def existing(ctx: click.Context, parameter: click.Parameter, path: Path) -> Path:
    """Check that there is something at a path; without it, the word was one too many."""
    if not path.exists() and not ctx.resilient_parsing:
        near = did_you_mean(path.name, _names_in(path.parent))
        raise TooManyArguments(ctx, f'"{path}" is no directory or file, so it cannot be the root module.{near}')
    return path


def _names_in(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()] if directory.is_dir() else []


root = click.argument("root", type=click.Path(path_type=Path), default=".", metavar="[DIR|FILE]", callback=existing)
"""The root module: a directory, or one file that is a module of its own."""

checked_root = click.argument("root", type=click.Path(path_type=Path), default=".", metavar="[DIR|FILE]")
"""The same, where the command itself tells that there is nothing at a path."""

root_option = click.option(
    "-root",
    type=click.Path(path_type=Path),
    default=".",
    metavar="DIR|FILE",
    help="The root module; the current directory unless given.",
)
"""The root module, where the words of the command line mean something else."""

no_color = click.option("-no-color", is_flag=True, help="Write no colours, on a terminal either.")
json_output = click.option("-json", "as_json", is_flag=True, help="Write JSON for machines.")
parallelism = click.option(
    "-parallelism",
    type=int,
    default=10,
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


lock_timeout = click.option(
    "-lock-timeout",
    default="0s",
    metavar="DURATION",
    callback=_duration,
    help="How long to wait for the lock of the state, such as 30s or 5m.",
)


def locking(command: Decorated) -> Decorated:
    """Add `-lock` and `-lock-timeout`."""
    return click.option("-lock/-no-lock", default=True, help="Lock the state; true unless given.")(
        lock_timeout(command)
    )

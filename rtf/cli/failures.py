"""From whatever a command raises to a message and an exit status. Nobody outside sees a traceback."""

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import click

from engine.diagnostics import DiagnosticError, Diagnostics
from providers.errors import ProviderError
from rtf.cli.arguments import TooManyArguments
from state.errors import StateError

ERROR = 1


# These commands of Terraform tell mistakes on the command line as diagnostics, all others as plain text.
_TOO_MANY = {
    "init": "Too many command line arguments. Did you mean to use -chdir?",
    "output": "Unexpected argument",
}
_IN_DIAGNOSTICS = frozenset({"apply", "destroy", "init", "output", "plan", "refresh", "show", "test", "validate"})


class Reported(Exception):
    """Raised by a command that has told its problems itself."""


class Refusal(Exception):
    """Raised by a command that will not do what was asked; the text is told as it is, as Terraform tells it."""


def status_of(command: Callable[[], Any]) -> int:
    """Run `command` and return its exit status, after telling what went wrong."""
    try:
        result = command()
        sys.stdout.flush()
    except Reported:
        return ERROR
    except Refusal as problem:
        sys.stderr.write(f"{problem}\n")
        return ERROR
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as problem:
        return _usage(problem)
    except (DiagnosticError, StateError, ProviderError) as problem:
        from rtf.cli.terminal import tell
        from rtf.problems import as_diagnostics

        found = Diagnostics()
        found.extend(as_diagnostics(problem))
        tell(found, no_color=False)
        return ERROR
    except (KeyboardInterrupt, click.exceptions.Abort):
        sys.stderr.write("\nInterrupted.\n")
        return ERROR
    except BrokenPipeError:
        # Whoever read our output has gone. Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERROR
    except Exception as problem:
        return _bug(problem)
    return result if isinstance(result, int) else 0


def _usage(problem: click.ClickException) -> int:
    if isinstance(problem, click.exceptions.NoArgsIsHelpError):
        sys.stdout.write(problem.format_message() + "\n")
        return ERROR
    context = getattr(problem, "ctx", None)
    sys.stderr.write(f"{_mistake(problem, context)}\n")
    if context is not None:
        sys.stderr.write(f'\nFor help, run "{context.command_path} -help".\n')
    return ERROR


def _mistake(problem: click.ClickException, context: click.Context | None) -> str:
    """Return what is told of a mistake on the command line."""
    said = problem.format_message()
    top = context is not None and context.parent is not None and context.parent.parent is None
    name = context.info_name if context is not None and top else None
    too_many = isinstance(problem, TooManyArguments)
    if name is not None and name in _IN_DIAGNOSTICS:
        summary = _TOO_MANY.get(name, "Too many command line arguments")
        return f"Error: {summary if too_many else 'Failed to parse command-line flags'}\n\n{said}"
    if too_many:
        return f"Too many command line arguments. Did you mean to use -chdir?\n{said}"
    about_flags = isinstance(problem, (click.NoSuchOption, click.BadOptionUsage, click.BadParameter))
    missing = isinstance(problem, click.MissingParameter)
    return f"Error parsing command-line flags: {said}" if about_flags and not missing else said


def _bug(problem: Exception) -> int:
    """Tell of an error that nobody foresaw. Its text may hold values of the run, so only its place is told."""
    frames = traceback.extract_tb(problem.__traceback__)
    place = f"{frames[-1].name}, line {frames[-1].lineno}" if frames else "an unknown place"
    sys.stderr.write(
        f"\nError: rtf has a bug\n\n{type(problem).__name__} in {place}. The state holds everything that was done.\n"
        "Please report this with the configuration that leads to it; RTF_DEBUG=1 shows the way to it.\n"
    )
    if os.environ.get("RTF_DEBUG"):
        traceback.print_exception(problem)
    return ERROR

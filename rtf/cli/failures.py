"""From whatever a command raises to a message and an exit status. Nobody outside sees a traceback."""

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import click

from engine.diagnostics import DiagnosticError, Diagnostics, error
from providers.errors import ProviderError
from rtf.cli.arguments import TooManyArguments
from state.errors import StateError

ERROR = 1


class Reported(Exception):
    """Raised by a command that has told its problems itself."""


def status_of(command: Callable[[], Any]) -> int:
    """Run `command` and return its exit status, after telling what went wrong."""
    try:
        result = command()
        sys.stdout.flush()
    except Reported:
        return ERROR
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as problem:
        return _usage(problem)
    except (DiagnosticError, StateError, ProviderError) as problem:
        from rtf.cli.terminal import as_diagnostics, tell

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


# Commands that tell what is wrong with their flags as they tell everything else. The others, as in Terraform, write a
# plain sentence.
_DIAGNOSING = frozenset({"init", "validate", "plan", "apply", "destroy", "refresh", "output", "show", "test"})
_UNEXPECTED = {
    "init": "Too many command line arguments. Did you mean to use -chdir?",
    "output": "Unexpected argument",
}


def _usage(problem: click.ClickException) -> int:
    if isinstance(problem, click.exceptions.NoArgsIsHelpError):
        sys.stdout.write(problem.format_message() + "\n")
        return ERROR
    context: click.Context | None = getattr(problem, "ctx", None)
    if context is not None and context.info_name in _DIAGNOSING:
        from rtf.cli.terminal import tell

        found = Diagnostics()
        found.extend(_usage_error(problem, context.info_name).diagnostics)
        tell(found, no_color=False)
    elif isinstance(problem, click.NoSuchOption | click.BadParameter | click.BadOptionUsage):
        sys.stderr.write(f"Error parsing command-line flags: {problem.format_message()}\n")
    else:
        sys.stderr.write(f"{problem.format_message()}\n")
    if context is not None:
        sys.stderr.write(f'\nFor help, run "{context.command_path} -help".\n')
    return ERROR


def _usage_error(problem: click.ClickException, command: str) -> DiagnosticError:
    if not isinstance(problem, TooManyArguments):
        return error("Failed to parse command-line flags", problem.format_message())
    return error(_UNEXPECTED.get(command, "Too many command line arguments"), problem.detail)


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

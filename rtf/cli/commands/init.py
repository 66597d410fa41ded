"""`rtf init`: make a root module ready for use: its backend, what it calls, and whether its providers are there."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from engine.diagnostics import Diagnostics
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.backend_setup import BackendFlags, backend_options, set_up_backend
from rtf.cli.commands.get import install
from rtf.cli.failures import Reported
from rtf.cli.session import telling
from rtf.problems import as_diagnostics
from rtf.requirements import check_installable, requirements_of
from rtf.suites import tests_modules
from rtf.workspace import Root
from state.snapshot import TERRAFORM_VERSION

Tell = Callable[[str, str], None]
"""Tell a line of text. The second text says to machines which line it is, and is empty for one of many alike."""

_EMPTY: Final = "rtf initialized in an empty directory!"
_WRITE_ONE: Final = (
    "The directory has no configuration yet. Write one, such as main.hcl, and run\n"
    "rtf init again when it calls modules."
)
_DONE: Final = "rtf has been successfully initialized!"
_GO_ON: Final = (
    "Try rtf plan to see what would change. Whenever modules or the backend of the\nconfiguration change, run rtf init "
    "again; other commands tell when that is\nnecessary."
)


@click.command(
    cls=Command,
    short_help="Make a configuration ready for use",
    help=(
        "Make a configuration ready for use: set up its backend, install the modules that it calls, and see that its "
        "providers are there. They come with rtf, so none is downloaded."
    ),
)
@options.root
@options.test_directory
@click.option("-upgrade/-no-upgrade", default=False, help="Fetch modules anew that are installed already.")
@click.option("-get/-no-get", default=True, help="Install modules; true unless given.")
@backend_options
@options.input_allowed
@options.locking
@options.json_output
@options.no_color
def command(
    root: Path, directory: str, upgrade: bool, get: bool, ask: bool, as_json: bool, no_color: bool, **backend: Any
) -> None:
    """Make a configuration ready for use."""
    with _telling(as_json=as_json, no_color=no_color) as (found, tell):
        place = workspace.find_root(root)
        if not workspace.has_configuration(place):
            tell(_EMPTY, "output_init_empty_message")
            tell(f"\n{_WRITE_ONE}", "")
            return
        say = _lines(tell)
        set_up_backend(place, BackendFlags(**backend), found, say, ask=ask and not as_json)
        _set_up_modules(place, tell, found, directory=directory, upgrade=upgrade, get=get)
        tell(f"\n{_DONE}", "output_init_success_message")
        tell(f"\n{_GO_ON}", "output_init_success_cli_message")


def _set_up_modules(place: Root, tell: Tell, found: Diagnostics, *, directory: str, upgrade: bool, get: bool) -> None:
    if get and (workspace.calls_modules(place, found) or tests_modules(place.directory, directory)):
        text, code = ("Upgrading", "upgrading") if upgrade else ("Initializing", "initializing")
        tell(f"{text} modules...", f"{code}_modules_message")
        module = install(place, found, _lines(tell), directory=directory, upgrade=upgrade)
    else:
        module = workspace.read_modules(place, found).module
    tell("Initializing provider plugins...", "initializing_provider_plugin_message")
    check_installable(module, place.directory, found)
    found.raise_errors()
    for address in sorted({address for one in module.places() for address in requirements_of(one.module)}):
        tell(f"- {address} is part of rtf", "")


def _lines(tell: Tell) -> Callable[[str], None]:
    return lambda line: tell(line, _CODES.get(line, ""))


_CODES: Final = {"Initializing the backend...": "initializing_backend_message"}


@contextmanager
def _telling(*, as_json: bool, no_color: bool) -> Iterator[tuple[Diagnostics, Tell]]:
    """Give what collects problems and what tells the stages; at the end the problems are told as well."""
    if not as_json:
        with telling(no_color=no_color) as found:
            yield found, _write
        return
    from rtf.views.stream_json import Stream

    found = Diagnostics()
    stream = Stream(sys.stdout, TERRAFORM_VERSION)
    try:
        yield found, lambda line, code: _message(stream, line.strip(), code)
    except Exception as problem:
        found.extend(as_diagnostics(problem))
    stream.diagnostics(found)
    if found.has_errors:
        raise Reported


def _write(line: str, code: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _message(stream: Any, line: str, code: str) -> None:
    if code:
        stream.say("init_output", line, message_code=code)
    else:
        stream.say("log", line)

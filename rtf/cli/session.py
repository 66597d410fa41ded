"""What plan, apply and destroy have in common: a root module, its variables, its state under lock, and a plan."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from engine.config.model import Variable
from engine.config.variables import no_value
from engine.diagnostics import Diagnostics, warning
from engine.events import Listener
from engine.plan.options import PlanOptions
from rtf import planning, workspace
from rtf.cli.failures import Refusal, Reported
from rtf.cli.options import given_state, given_variables
from rtf.cli.terminal import tell, uses_color, width_of
from rtf.planning import Prepared, tell_unknown
from rtf.problems import as_diagnostics
from rtf.storage import places_of
from rtf.views.outputs import ShownOutput
from rtf.workspace import Root, VariableSources
from rtf.workspaces import selected_workspace
from state.backend import LockedState
from state.backends.local import LocalBackend
from state.snapshot import Snapshot


@contextmanager
def telling(*, no_color: bool, for_machines: bool = False) -> Iterator[Diagnostics]:
    """Collect what a command finds, and tell it at the end, also when the command fails.

    Errors among it end the command with status 1. Standard output that is `for_machines` gets no warnings.
    """
    found = Diagnostics()
    try:
        yield found
    except (
        click.ClickException,
        click.exceptions.Exit,
        click.exceptions.Abort,
        KeyboardInterrupt,
        BrokenPipeError,
        Refusal,
    ):
        tell(found, no_color=no_color, for_machines=for_machines)
        raise
    except Exception as problem:
        found.extend(as_diagnostics(problem))
    sys.stdout.flush()
    tell(found, no_color=no_color, for_machines=for_machines)
    if found.has_errors:
        raise Reported


def backend_of(root: Root) -> LocalBackend:
    """Return the place that keeps the state of `root`: that of the selected workspace, or what the command line names.

    Raises DiagnosticError when the configuration's backend is not in use.
    """
    given = given_state()
    places = places_of(root)
    state = given.state or places.state_of(selected_workspace(root.data))
    return LocalBackend(given.state_out or state, source=state, backup=given.backup)


@contextmanager
def locked_state(backend: LocalBackend, operation: str) -> Iterator[LockedState]:
    """Hold the lock of a state for a `with` block as the command line wants it: with patience, or not at all."""
    given = given_state()
    holding = backend.lock(operation, given.lock_timeout) if given.lock else backend.unlocked()
    with holding as locked:
        yield locked


def warn_of_state_flag(found: Diagnostics) -> None:
    """Add Terraform's warning about `-state` in commands that plan or apply."""
    if given_state().state is not None:
        detail = 'Set "path" in a backend "local" block instead: then every command works on the same state.'
        found.add(warning("Deprecated flag: -state", detail))


def read_locked(locked: LockedState, found: Diagnostics) -> Snapshot:
    """Return the newest snapshot; what an interrupted run left open is told."""
    snapshot, unknown = locked.read()
    tell_unknown(unknown, found)
    return snapshot


def prepare(
    root: Root,
    snapshot: Snapshot,
    found: Diagnostics,
    options: PlanOptions,
    *,
    ask: bool,
    emit: Listener = lambda event: None,
) -> Prepared:
    """Plan with the variables of the command line. Raises DiagnosticError with all that is wrong."""
    return planning.prepare(root, snapshot, variable_sources(ask=ask), found, options, emit=emit)


def variable_sources(*, ask: bool) -> VariableSources:
    """Return where the values of variables come from in this command."""
    arguments = given_variables(click.get_current_context())
    return VariableSources(arguments=arguments, ask=ask_variable if ask else None)


def ask_variable(variable: Variable) -> str:
    """Return what a person types for a variable. Raises DiagnosticError when there is nobody to type."""
    sys.stdout.write(f"var.{variable.name}\n")
    if variable.description:
        sys.stdout.write(f"  {variable.description}\n\n")
    if variable.sensitive and sys.stdin.isatty():
        from getpass import getpass

        return getpass("  Enter a value: ")
    sys.stdout.write("  Enter a value: ")
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        raise no_value(variable)
    return line.rstrip("\n")


def show_plan(prepared: Prepared, found: Diagnostics, *, no_color: bool) -> None:
    """Write a plan to standard output."""
    from rtf.views.plan import render_plan

    models = workspace.find_types(prepared.loaded.module, prepared.snapshot, Diagnostics())[1]
    schemas = {name: model.schema_of_type() for name, model in models.items()}
    color = uses_color(sys.stdout, no_color=no_color)
    text = render_plan(prepared.plan, schemas, color=color, width=width_of(sys.stdout))
    sys.stdout.write(found.secrets.hide(text))


def shown_outputs(snapshot: Snapshot, found: Diagnostics) -> dict[str, ShownOutput]:
    """Return the outputs that a state records, ready to show."""
    recorded = workspace.recorded_outputs(snapshot, found)
    return {name: ShownOutput(change.before, change.sensitive) for name, change in recorded.items()}

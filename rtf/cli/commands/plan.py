"""`rtf plan`: show what apply would do."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from engine.diagnostics import Diagnostics
from engine.plan.planfile import SavedPlan, write_plan_file
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.options import given_state
from rtf.cli.planning import given_options, planning
from rtf.cli.session import (
    Prepared,
    backend_of,
    locked_state,
    prepare,
    read_locked,
    show_plan,
    tell_unknown,
    telling,
    warn_of_state_flag,
)
from rtf.cli.terminal import width_of
from rtf.views.plan import next_step
from rtf.workspace import Root, find_root
from state.snapshot import Snapshot


@click.command(
    cls=Command,
    short_help="Show what apply would change",
    help="Show what apply would change: compares the configuration with the state, and changes nothing.",
)
@options.root
@click.option("-destroy/-no-destroy", default=False, help="Plan to destroy everything that the state records.")
@click.option("-out", type=click.Path(path_type=Path), metavar="FILE", help="Save the plan, for rtf apply FILE.")
@click.option(
    "-detailed-exitcode/-no-detailed-exitcode",
    default=False,
    help="Exit with 2 when there are changes, 0 when there are none, 1 for errors.",
)
@planning
@options.variables
@options.input_allowed
@options.state_files
@options.no_color
def command(
    root: Path,
    destroy: bool,
    out: Path | None,
    detailed_exitcode: bool,
    ask: bool,
    no_color: bool,
) -> int:
    """Show what apply would change."""
    status = 0
    with telling(no_color=no_color) as found, ExitStack() as stack:
        wanted = given_options(destroy=destroy)
        warn_of_state_flag(found)
        place = find_root(root)
        snapshot = _snapshot(place, stack, found)
        prepared = prepare(place, snapshot, found, wanted, ask=ask)
        show_plan(prepared, found, no_color=no_color)
        if out is not None:
            save(prepared, out)
        if prepared.plan.has_changes:
            sys.stdout.write(next_step(None if out is None else str(out), width=width_of(sys.stdout)))
        if detailed_exitcode and prepared.plan.has_changes:
            status = 2
    return status


def _snapshot(place: Root, stack: ExitStack, found: Diagnostics) -> Snapshot:
    """Return the newest snapshot; with a lock nobody else changes it until `stack` is left."""
    backend = backend_of(place)
    if given_state().lock:
        return read_locked(stack.enter_context(locked_state(backend, "OperationTypePlan")), found)
    snapshot, unknown = backend.peek()
    tell_unknown(unknown, found)
    return snapshot


def save(prepared: Prepared, path: Path) -> None:
    """Write a plan with its configuration to `path`."""
    root = os.path.relpath(prepared.loaded.root.path)
    write_plan_file(path, SavedPlan(prepared.plan, root, prepared.loaded.sources, prepared.snapshot))

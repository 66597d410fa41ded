"""`rtf plan`: show what apply would do."""

import os
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import click

from engine.diagnostics import Diagnostics, error, warning
from engine.plan.planfile import SavedPlan, write_plan_file
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.options import given_state
from rtf.cli.planning import given_options, planning
from rtf.cli.session import (
    backend_of,
    locked_state,
    prepare,
    read_locked,
    variable_sources,
    warn_of_state_flag,
)
from rtf.cli.speaking import speaking
from rtf.cli.terminal import width_of
from rtf.planning import Prepared, tell_unknown
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
@click.option(
    "-generate-config-out",
    "generated",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write configuration for the objects of import blocks that have none.",
)
@click.option("-out", type=click.Path(path_type=Path), metavar="FILE", help="Save the plan, for rtf apply FILE.")
@click.option(
    "-detailed-exitcode/-no-detailed-exitcode",
    default=False,
    help="Exit with 2 when there are changes, 0 when there are none, 1 for errors.",
)
@options.parallelism
@planning
@options.variables
@options.input_allowed
@options.state_files
@options.json_output
@options.no_color
def command(
    root: Path,
    destroy: bool,
    generated: Path | None,
    out: Path | None,
    detailed_exitcode: bool,
    parallelism: int,
    ask: bool,
    as_json: bool,
    no_color: bool,
) -> int:
    """Show what apply would change."""
    status = 0
    with speaking(as_json=as_json, no_color=no_color) as (found, speaker), ExitStack() as stack:
        wanted = replace(given_options(destroy=destroy), at_a_time=parallelism)
        warn_of_state_flag(found)
        place = find_root(root)
        snapshot = _snapshot(place, stack, found)
        if generated is not None:
            _generate(place, snapshot, found, generated, ask=ask)
        prepared = prepare(place, snapshot, found, wanted, ask=ask, emit=speaker.read)
        speaker.plan(prepared)
        if out is not None:
            save(prepared, out)
        if not as_json and prepared.plan.has_changes:
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


def _generate(root: Root, snapshot: Snapshot, found: Diagnostics, path: Path, *, ask: bool) -> None:
    """Write blocks for the objects that are to be imported and have none, so that the plan knows them."""
    from rtf.importing import generated_configuration, unconfigured_imports

    if path.exists():
        detail = (
            f"rtf can only write generated configuration into a new file. Either choose a different target location or "
            f"move {path} out of the way, or leave out -generate-config-out to use what is there."
        )
        raise error("Target generated file already exists", detail)
    loaded = workspace.load(root, found)
    if not unconfigured_imports(loaded):
        return
    variables = workspace.read_variables(loaded, variable_sources(ask=ask), found)
    found.raise_errors()
    text = generated_configuration(loaded, variables, snapshot, found)
    path.write_text(text, encoding="utf-8")
    detail = "What is generated may differ in the next version. Review it, and edit it as necessary."
    found.add(warning("Config generation is experimental", detail))
    sys.stdout.write(f"Configuration was generated and written to {path}. Review and edit it.\n")


def save(prepared: Prepared, path: Path) -> None:
    """Write a plan with its configuration to `path`."""
    root = os.path.relpath(prepared.loaded.root.path)
    write_plan_file(path, SavedPlan(prepared.plan, root, prepared.loaded.sources, prepared.snapshot))

"""`rtf apply`: make the world as the configuration says, or do what a saved plan says."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from engine.config.load import is_configuration, similar_root
from engine.diagnostics import Diagnostics, error
from engine.lang.values import secret_texts
from engine.plan.options import PlanOptions
from engine.plan.planfile import is_plan_file, read_plan_file
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.planning import given_options, planning
from rtf.cli.session import (
    backend_of,
    locked_state,
    prepare,
    read_locked,
    variable_sources,
    warn_of_state_flag,
)
from rtf.cli.speaking import Purpose, Speaker, speaking
from rtf.planning import PlanFailed, Prepared, check_current
from rtf.workspace import Root, find_root
from state.backend import LockedState
from state.snapshot import Snapshot


@click.command(
    cls=Command,
    short_help="Create, update and destroy what the plan says",
    help="Make the world as the configuration says. With a saved plan, do exactly what that says, without asking.",
)
@click.argument("target", type=click.Path(path_type=Path), default=".", metavar="[DIR|FILE|PLAN]")
@click.option("-destroy/-no-destroy", default=False, help="Destroy everything that the state records.")
@options.auto_approve
@options.parallelism
@planning
@options.variables
@options.input_allowed
@options.state_files
@options.json_output
@options.no_color
def command(
    target: Path,
    destroy: bool,
    auto_approve: bool,
    parallelism: int,
    ask: bool,
    as_json: bool,
    no_color: bool,
) -> None:
    """Create, update and destroy what the plan says."""
    run(
        target,
        lambda: given_options(destroy=destroy),
        auto_approve=auto_approve,
        parallelism=parallelism,
        ask=ask,
        as_json=as_json,
        no_color=no_color,
    )


def run(
    target: Path,
    read_options: Callable[[], PlanOptions],
    *,
    auto_approve: bool,
    parallelism: int,
    ask: bool,
    as_json: bool,
    no_color: bool,
    purpose: Purpose = "apply",
) -> None:
    """Plan as the flags say and apply that, or apply a saved plan. `purpose` is what the command is called."""
    with speaking(as_json=as_json, no_color=no_color) as (found, speaker):
        wanted = replace(read_options(), at_a_time=parallelism)
        warn_of_state_flag(found)
        saved = target.is_file() and is_plan_file(target)
        if as_json and not saved and not auto_approve:
            detail = (
                "rtf cannot ask for interactive approval when -json is set. Give a saved plan, or -auto-approve to "
                "apply what is planned."
            )
            raise error("Plan file or auto-approve required", detail)
        if saved and wanted.mode == "destroy":
            raise error(
                "Destroy with a saved plan", "A saved plan says by itself what it destroys; leave out -destroy."
            )
        if not saved and not target.is_dir() and not (target.is_file() and is_configuration(target.name)):
            detail = "It is neither a plan nor a root module."
            if not target.exists():
                detail = f'There is nothing at "{target}".{similar_root(target)}'
            raise error(f'Failed to load "{target}" as a plan file', detail)
        root = find_root(Path(read_plan_file(target).root)) if saved else find_root(target)
        with locked_state(backend_of(root), "OperationTypeApply") as locked:
            interrupted = Diagnostics()
            snapshot = read_locked(locked, interrupted)
            speaker.at_once(interrupted)
            if saved:
                prepared = _prepare_saved(target, root, snapshot, found, ask=ask)
                speaker.resume(prepared)
            else:
                prepared = _prepare(root, snapshot, found, wanted, speaker, ask=ask)
                if purpose != "refresh":
                    speaker.plan(prepared)
                if prepared.plan.has_changes and not auto_approve:
                    speaker.pause()
                    _ask_for_approval(prepared, ask=ask)
            _carry_out(prepared, locked, found, speaker, parallelism=parallelism, purpose=purpose)


def _prepare(
    root: Root, snapshot: Snapshot, found: Diagnostics, wanted: PlanOptions, speaker: Speaker, *, ask: bool
) -> Prepared:
    """Plan; of a plan that failed, what there is of it is shown."""
    try:
        return prepare(root, snapshot, found, wanted, ask=ask, emit=speaker.read)
    except PlanFailed as failed:
        if failed.prepared.plan.changes or failed.prepared.plan.outputs:
            speaker.plan(failed.prepared)
        raise


def _ask_for_approval(prepared: Prepared, *, ask: bool) -> None:
    """End the command unless a person says yes to the plan."""
    if not approved(prepared, ask=ask):
        word = "Destroy" if prepared.plan.destroy else "Apply"
        sys.stdout.write(f"\n{word} cancelled.\n")
        raise click.exceptions.Exit(1)


def _prepare_saved(path: Path, root: Root, snapshot: Snapshot, found: Diagnostics, *, ask: bool) -> Prepared:
    """Return a saved plan ready to apply. Raises DiagnosticError when the state is not the one it was made for."""
    saved = read_plan_file(path)
    if saved.plan.errored:
        detail = (
            "rtf encountered an error when generating this plan, so it cannot be applied. Do away with the error and "
            "make a new plan."
        )
        raise error("Cannot apply incomplete plan", detail)
    check_current(saved.plan, snapshot)
    loaded = workspace.put_together(root, saved.sources["."], found, saved.sources)
    found.raise_errors()
    for value in saved.plan.variables.values():
        found.secrets.update(secret_texts(value))
    variables = workspace.variables_of_saved_plan(loaded, saved.plan.variables, variable_sources(ask=ask), found)
    found.raise_errors()
    return Prepared(loaded, snapshot, replace(saved.plan, variables=variables))


def approved(prepared: Prepared, *, ask: bool) -> bool:
    """Return whether a person says yes to a plan."""
    if not ask:
        detail = "Without -input there is nobody to say yes. Give -auto-approve, or apply a saved plan."
        raise error("Approval required", detail)
    sys.stdout.write(_DESTROY_QUESTION if prepared.plan.destroy else _APPLY_QUESTION)
    sys.stdout.flush()
    answer = sys.stdin.readline().strip()
    return answer == "yes"


_APPLY_QUESTION = """
Do you want to perform these actions?
  rtf will perform the actions described above.
  Only 'yes' will be accepted to approve.

  Enter a value: """
_DESTROY_QUESTION = """
Do you really want to destroy all resources?
  rtf will destroy all your managed infrastructure, as shown above.
  There is no undo. Only 'yes' will be accepted to confirm.

  Enter a value: """


def _carry_out(
    prepared: Prepared,
    locked: LockedState,
    found: Diagnostics,
    speaker: Speaker,
    *,
    parallelism: int,
    purpose: Purpose,
) -> None:
    """Apply a plan, tell how it goes, and what it came to."""
    from rtf.applying import carry_out

    with speaker.working(prepared.plan) as emit:
        applied = carry_out(
            prepared,
            locked,
            found,
            parallelism=parallelism,
            emit=emit,
            notify=lambda text: print(f"\n{text}", file=sys.stderr),
        )
    speaker.done(prepared, applied, purpose=purpose)

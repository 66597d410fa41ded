"""`rtf show`: show the state, or a saved plan."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from engine.config.load import configuration_files, is_configuration
from engine.config.model import Module
from engine.diagnostics import DiagnosticError, Diagnostics, error
from engine.plan.planfile import is_plan_file, read_plan_file
from engine.plan.relevant import relevant_attributes
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.records import Records, records_of, stored_records
from rtf.cli.session import telling
from rtf.cli.terminal import uses_color, width_of
from state.codec import decode
from state.errors import CorruptState, StateError, StateUnavailable
from state.lock import read_unlocked
from state.snapshot import TERRAFORM_VERSION


@click.command(
    cls=Command,
    short_help="Show the state or a saved plan",
    help="Show the state of a root module, a state file, or a saved plan. -json gives sensitive values in clear.",
)
@click.argument("path", type=click.Path(path_type=Path), default=".", metavar="[DIR|FILE|STATE|PLAN]")
@options.json_output
@options.no_color
def command(path: Path, as_json: bool, no_color: bool) -> None:
    """Show the state or a saved plan."""
    with telling(no_color=no_color, for_machines=as_json) as found:
        color = uses_color(sys.stdout, no_color=no_color)
        if path.is_file() and is_plan_file(path):
            text = _plan(path, found, as_json=as_json, color=color)
        elif path == Path() or _is_root(path):
            text = _state(stored_records(path, found), as_json=as_json, color=color)
        else:
            text = _state(_records_in(path, found), as_json=as_json, color=color)
        sys.stdout.write(text if as_json else found.secrets.hide(text))


def _is_root(path: Path) -> bool:
    """Return whether a root module is meant: a folder with one, or a file that is one and has a state."""
    if path.is_dir():
        return bool(configuration_files(path)) or (path / "terraform.tfstate").exists()
    return is_configuration(path.name) and path.is_file() and workspace.find_root(path).state.exists()


def _records_in(path: Path, found: Diagnostics) -> Records:
    """Return what a state file records. Raises DiagnosticError when the file is none."""
    try:
        if not path.exists():
            raise StateUnavailable("Failed to read the state", f'There is nothing at "{path}".')
        snapshot = decode(read_unlocked(path), str(path))
        if snapshot.is_absent:
            raise CorruptState("No state", f"{path} holds no state.")
    except StateError as problem:
        raise _neither(f"{problem.detail}\n\nIt is no plan that rtf saved, either.") from None
    return records_of(snapshot, Module(), found)


def _neither(detail: str) -> DiagnosticError:
    return error("Failed to read the given file as a state or plan file", detail)


def _plan(path: Path, found: Diagnostics, *, as_json: bool, color: bool) -> str:
    from rtf.views.configuration_json import configuration_json
    from rtf.views.plan import render_plan
    from rtf.views.show_json import objects_before, outputs_before, plan_json, state_tree

    try:
        saved = read_plan_file(path)
    except DiagnosticError as problem:
        raise _neither(problem.diagnostics[0].detail) from None
    loaded = workspace.put_together(workspace.find_root(Path(saved.root)), saved.sources["."], found, saved.sources)
    prior = records_of(saved.plan.prior, loaded.module, found)
    relevant = relevant_attributes(loaded.module, saved.plan.changes, saved.plan.outputs)
    plan = replace(saved.plan, relevant_attributes=relevant)
    if not as_json:
        return render_plan(plan, prior.schemas, color=color, width=width_of(sys.stdout))
    sensitive = {name: output.sensitive for name, output in loaded.module.outputs.items()}
    outputs = outputs_before(prior.outputs, plan, sensitive)
    tree = None
    objects = objects_before(prior.objects, plan)
    if objects or outputs:
        version = saved.prior.terraform_version
        tree = state_tree(objects, outputs, prior.schemas, prior.sources, terraform_version=version)
    text = plan_json(
        plan,
        prior.schemas,
        prior.sources,
        tree,
        configuration=configuration_json(loaded.module, prior.schemas, prior.providers),
        terraform_version=TERRAFORM_VERSION,
    )
    return f"{text}\n"


def _state(records: Records, *, as_json: bool, color: bool) -> str:
    from rtf.views.show_json import state_json
    from rtf.views.state import render_state

    objects, outputs, schemas = records.objects, records.outputs, records.schemas
    if as_json:
        text = state_json(
            objects,
            outputs,
            schemas,
            records.sources,
            terraform_version=TERRAFORM_VERSION,
            checks=records.checks,
        )
        return f"{text}\n"
    return render_state(objects, outputs, schemas, color=color) if records.exists else "No state.\n"

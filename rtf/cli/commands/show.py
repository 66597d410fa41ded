"""`rtf show`: show the state, or a saved plan."""

import sys
from pathlib import Path

import click

from engine.diagnostics import error
from engine.plan.planfile import is_plan_file, read_plan_file
from providers.redaction import redact
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.commands.state import recorded
from rtf.cli.session import backend_of, shown_outputs, telling
from rtf.cli.terminal import uses_color
from state.snapshot import Snapshot


@click.command(
    cls=Command,
    short_help="Show the state or a saved plan",
    help="Show the state of a root module, or a saved plan. -json gives sensitive values in clear.",
)
@click.argument("path", type=click.Path(path_type=Path), default=".", metavar="[DIR|FILE|PLAN]")
@options.json_output
@options.no_color
def command(path: Path, as_json: bool, no_color: bool) -> None:
    """Show the state or a saved plan."""
    with telling(no_color=no_color) as found:
        if not path.exists():
            raise error("No such file or directory", f'There is nothing at "{path}".')
        color = uses_color(sys.stdout, no_color=no_color)
        if path.is_file() and is_plan_file(path):
            from rtf.views.plan import render_plan
            from rtf.views.show_json import plan_json

            saved = read_plan_file(path)
            loaded = workspace.put_together(workspace.find_root(Path(saved.root)), saved.sources, found)
            models = workspace.find_types(loaded.module, Snapshot.empty(), found)[1]
            schemas = {name: model.schema_of_type() for name, model in models.items()}
            text = plan_json(saved.plan, schemas) if as_json else render_plan(saved.plan, schemas, color=color)
        elif as_json:
            from rtf.views.show_json import state_json

            snapshot = backend_of(workspace.find_root(path)).peek()[0]
            text = state_json(snapshot, recorded(path, found))
        else:
            from rtf.views.outputs import outputs_block
            from rtf.views.state import render_objects

            objects = recorded(path, found)
            text = render_objects(objects, color=color) if objects else "No state.\n"
            snapshot = backend_of(workspace.find_root(path)).peek()[0]
            text += outputs_block(shown_outputs(snapshot, found), color=color)
        sys.stdout.write(text if as_json else redact(text, found.secrets))

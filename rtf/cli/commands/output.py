"""`rtf output`: show the outputs of the state."""

import sys
from pathlib import Path

import click

from engine.diagnostics import did_you_mean, error, warning
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.session import backend_of, shown_outputs, telling
from rtf.views.outputs import ShownOutput
from rtf.workspace import find_root


@click.command(
    cls=Command,
    short_help="Show outputs of the state",
    help="Show the outputs that the state records, or one of them. -json and -raw give sensitive values in clear.",
)
@click.argument("name", required=False)
@options.root_option
@options.state_input
@options.json_output
@click.option("-raw", is_flag=True, help="Write one string, number or bool as it is, for other programs.")
@options.no_color
def command(name: str | None, root: Path, as_json: bool, raw: bool, no_color: bool) -> None:
    """Show outputs of the state."""
    from rtf.views import outputs as view

    with telling(no_color=no_color, for_machines=as_json or raw) as found:
        if as_json and raw:
            raise error("Invalid output format", "The -raw and -json options are mutually-exclusive.")
        if raw and name is None:
            raise error(
                "Output name required", "You must give the name of a single output value when using the -raw option."
            )
        outputs = shown_outputs(backend_of(find_root(root)).peek()[0], found)
        found.raise_errors()
        if name is None:
            if as_json:
                sys.stdout.write(view.output_json(outputs))
            elif outputs:
                sys.stdout.write(view.outputs_text(outputs))
            else:
                detail = (
                    "The state file either has no outputs defined, or all the defined outputs are empty. Define an "
                    "output in your configuration, and run rtf apply."
                )
                found.add(warning("No outputs found", detail))
            return
        if name not in outputs:
            detail = (
                "The output variable requested could not be found in the state file. If you recently added "
                f'"{name}" to your configuration, run rtf apply.{did_you_mean(name, outputs)}'
            )
            raise error(f'Output "{name}" not found', detail)
        if as_json:
            sys.stdout.write(view.output_value_json(outputs[name]))
        elif raw:
            sys.stdout.write(_raw(name, outputs[name]))
        else:
            sys.stdout.write(view.output_text(outputs[name]))


def _raw(name: str, output: ShownOutput) -> str:
    from rtf.views.outputs import output_raw

    try:
        return output_raw(name, output)
    except ValueError as problem:
        raise error("Unsupported value for raw output", str(problem)) from None

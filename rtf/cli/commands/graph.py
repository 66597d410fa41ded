"""`rtf graph`: draw what depends on what."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.diagnostics import Diagnostics, error
from engine.plan.objects import provider_of, provider_record
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.session import backend_of, telling
from rtf.workspace import Loaded
from state.snapshot import Snapshot

if TYPE_CHECKING:
    from engine.graph.drawing import Drawing

_PLANS = ("plan", "plan-refresh-only", "plan-destroy")
_NO_LONGER = ("validate", "eval")


@click.command(
    cls=Command,
    short_help="Draw what depends on what",
    help=(
        "Draw what depends on what, in the DOT language: the resources, or with -type everything that a run goes "
        "through. GraphViz and many web pages read DOT; -format=mermaid is for Markdown pages."
    ),
)
@options.root
@click.option(
    "-type", "kind", default="", metavar="TYPE", help="Draw a run: plan, plan-refresh-only, plan-destroy or apply."
)
@click.option("-plan", "plan", type=click.Path(path_type=Path), metavar="FILE", help="Draw the apply of a saved plan.")
@click.option("-draw-cycles", is_flag=True, help="Mark the edges of cycles, which make a run impossible.")
@click.option("-format", "form", default="dot", metavar="FORMAT", help="Write dot or mermaid; dot unless given.")
@click.option("-module-depth", metavar="N", expose_value=False, help="Deprecated, and without effect.")
@options.no_color
def command(root: Path, kind: str, plan: Path | None, draw_cycles: bool, form: str, no_color: bool) -> None:
    """Draw what depends on what."""
    from engine.graph.drawing import cycles
    from rtf.views import graph as view

    with telling(no_color=no_color, for_machines=True) as found:
        _check_words(kind, form)
        drawing = _saved(plan, found) if plan is not None and kind in ("", "apply") else _configured(root, kind, found)
        of_run = bool(kind) or plan is not None
        if of_run and not draw_cycles:
            _tell_cycles(drawing, found)
        marked = cycles(drawing) if draw_cycles else []
        if form == "mermaid":
            sys.stdout.write(view.mermaid(drawing, marked, framed=not of_run))
        elif of_run:
            sys.stdout.write(view.operations_dot(drawing, marked))
        else:
            sys.stdout.write(view.resources_dot(drawing))


def _check_words(kind: str, form: str) -> None:
    if kind in _NO_LONGER:
        detail = f'The graph type "{kind}" is no longer available. Use -type=plan instead to get a similar result.'
        raise error("Graph type no longer available", detail)
    if kind not in ("", *_PLANS, "apply"):
        detail = 'The -type=... argument must be either "plan", "plan-refresh-only", "plan-destroy", or "apply".'
        raise error("Unsupported graph type", detail)
    if form not in ("dot", "mermaid"):
        raise error("Unsupported graph format", 'The -format=... argument must be either "dot" or "mermaid".')


def _configured(root: Path, kind: str, found: Diagnostics) -> "Drawing":
    """Return the graph of a configuration and its state. References to nothing are no part of it, and no error here."""
    from engine.graph import drawing

    place = workspace.find_root(root)
    loaded = workspace.load(place, Diagnostics(secrets=found.secrets))
    snapshot = backend_of(place).peek()[0]
    if not kind:
        return drawing.resource_drawing(loaded.graph, snapshot)
    names = _provider_names(loaded, snapshot)
    if kind == "plan-destroy":
        return drawing.finished(
            drawing.destroy_drawing(loaded.module, loaded.graph, snapshot, lambda name: names[name])
        )
    drawn = drawing.configuration_drawing(loaded.graph, lambda name: names[name])
    drawing.add_forgotten(drawn, loaded.module, snapshot)
    if kind in _PLANS:
        drawing.add_of_plan(drawn, loaded.graph, snapshot)
    return drawing.finished(drawn)


def _saved(path: Path, found: Diagnostics) -> "Drawing":
    """Return the graph of applying a saved plan."""
    from engine.apply.drawing import plan_drawing
    from engine.graph.drawing import finished
    from engine.plan.planfile import read_plan_file

    saved = read_plan_file(path)
    loaded = workspace.put_together(workspace.find_root(Path(saved.root)), saved.sources["."], found, saved.sources)
    names = _provider_names(loaded, saved.prior)
    return finished(plan_drawing(loaded.module, loaded.graph, saved.plan, saved.prior, lambda name: names[name]))


def _provider_names(loaded: Loaded, snapshot: Snapshot) -> Mapping[str, str]:
    """Return how each provider configuration, in use or recorded, is drawn."""
    found = Diagnostics()
    providers, _ = workspace.find_types(loaded.module, snapshot, found)
    names = {provider_of(resource.provider) for resource in snapshot.resources.values()}
    names.update(loaded.module.provider_names())
    known = {name: providers.get(name.partition(".")[0]) for name in names}
    return {
        name: f'provider["{name}"]' if provider is None else provider_record(provider, name)
        for name, provider in known.items()
    }


def _tell_cycles(drawing: "Drawing", found: Diagnostics) -> None:
    """Raise an error for each group of nodes that come after themselves."""
    from engine.graph.drawing import cycles

    for group in cycles(drawing):
        detail = "There is no order in which these can be gone through. With -draw-cycles, the graph shows why."
        found.extend(error(f"Cycle: {', '.join(sorted(group))}", detail).diagnostics)
    found.raise_errors()

"""A state read for showing: its objects with their schemas, and its outputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.config.model import Module
from engine.diagnostics import Diagnostics
from engine.plan.checks import CheckResult, recorded_checks
from engine.plan.objects import Recorded, recorded_objects
from providers.schema import Schema
from rtf import workspace
from rtf.cli.session import backend_of, shown_outputs
from rtf.planning import tell_unknown
from rtf.views.outputs import ShownOutput
from state.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Records:
    """What a state holds, with what is needed to show it.

    `exists` tells an empty state from none. `sources` names the provider of each resource type in full, `providers`
    does so for its name in configurations.
    """

    exists: bool
    objects: list[Recorded]
    outputs: dict[str, ShownOutput]
    schemas: Mapping[str, Schema]
    sources: Mapping[str, str]
    providers: Mapping[str, str]
    checks: tuple[CheckResult, ...]


def stored_records(place: Path, found: Diagnostics) -> Records:
    """Return what the state of the root module at `place` records. Takes no lock."""
    snapshot, unknown = backend_of(workspace.find_root(place)).peek()
    tell_unknown(unknown, found)
    return records_of(snapshot, Module(), found)


def records_of(snapshot: Snapshot, module: Module, found: Diagnostics) -> Records:
    """Return what `snapshot` records; the types of `module` are known besides. Raises DiagnosticError."""
    providers, models = workspace.find_types(module, snapshot, found)
    objects = recorded_objects(snapshot, models, found)
    outputs = shown_outputs(snapshot, found)
    found.raise_errors()
    schemas = {name: model.schema_of_type() for name, model in models.items()}
    sources = {
        kind: provider.source
        for provider in providers.values()
        for kind, model in models.items()
        if model in (*provider.resources, *provider.data_sources, *provider.ephemeral_resources)
    }
    names = {name: provider.source for name, provider in providers.items()}
    exists = not snapshot.is_absent
    return Records(exists, objects, outputs, schemas, sources, names, recorded_checks(snapshot.check_results))

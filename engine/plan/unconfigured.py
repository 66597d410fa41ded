"""Objects to import whose resources have no block yet: read, so that their configuration can be written."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.address import InstanceAddress
from engine.config.model import Import, Module
from engine.diagnostics import DiagnosticError, Diagnostics, error
from engine.graph.build import block_of, needed_by_providers
from engine.graph.resolve import resolve
from engine.graph.walk import order
from engine.lang.values import UNKNOWN
from engine.plan.attributes import Attributes, from_plain
from engine.plan.configured import placed
from engine.plan.imports import targets_of
from engine.plan.modules import Modules
from engine.plan.objects import Models, Providers, managed_model
from engine.plan.reading import Reader
from engine.plan.settings import provider_settings
from engine.syntax.references import references
from engine.syntax.scope import Scope
from providers.errors import ProviderError
from providers.schema import Schema

if TYPE_CHECKING:
    from engine.graph.build import Graph


@dataclass(frozen=True, slots=True)
class Unconfigured:
    """An object that exists and has no block."""

    address: InstanceAddress
    id: str
    attributes: Attributes
    schema: Schema


def read_unconfigured(
    module: Module,
    graph: "Graph",
    scope: Scope,
    models: Models,
    providers: Providers,
    imports: Iterable[Import],
    directory: Path,
    found: Diagnostics,
) -> list[Unconfigured]:
    """Return the objects that import blocks without a resource block name; what is wrong is added to `found`."""
    imports = list(imports)
    modules = Modules(scope, found)
    for node in _needed(module, graph, imports, found):
        block = block_of(graph, node)
        if block.kind == "resource":
            resource = block.place.module.resources[block.name]
            for instance in modules.of(block.place):
                modules.set_resource(instance, resource.address, UNKNOWN)
        elif block.kind != "provider":
            with found.collecting():
                modules.evaluate(block)
    objects: list[Unconfigured] = []
    with Reader(providers, directory) as reader:
        for imported in imports:
            with found.collecting():
                for address, id in targets_of(imported, modules.root.scope):
                    objects.append(_read(module, modules, models, providers, imported, address, id, reader, found))
    return objects


def _needed(module: Module, graph: "Graph", imports: Iterable[Import], found: Diagnostics) -> list[str]:
    """Return the blocks that providers and import blocks refer to, and what these need, in order."""
    import networkx

    needed = needed_by_providers(graph)
    for imported in imports:
        for expression in (imported.id, imported.for_each):
            for reference in references(expression) if expression is not None else ():
                with found.collecting():
                    for node in resolve(reference, module, ("each",)):
                        needed |= {node, *networkx.ancestors(graph, node)}
    return [node for node in order(graph) if node in needed]


def _read(
    module: Module,
    modules: Modules,
    models: Models,
    providers: Providers,
    imported: Import,
    address: InstanceAddress,
    id: str,
    reader: Reader,
    found: Diagnostics,
) -> Unconfigured:
    type = address.resource.type
    name = imported.provider or type.partition("_")[0]
    if type not in models:
        detail = f'No provider in use has a resource type "{type}"; write a provider block or required_providers.'
        raise error("Invalid resource type", detail, imported.target.range)
    model = managed_model(models, address.resource)
    settings = provider_settings(module, name, providers, modules.root.scope, found)
    if settings is None:
        detail = f"The configuration of provider {name} is not known before apply, so nothing can be read with it."
        raise error("Provider configuration unknown", detail, imported.range)
    (answer,) = reader.ask(name, settings, [lambda api: model.import_object(api, id)])
    if isinstance(answer, ProviderError):
        raise DiagnosticError(*placed(answer.problems, {}, imported.range, str(address)))
    if answer is None:
        detail = f'The provider found no object "{id}". Only pre-existing objects can be imported; check the id.'
        raise error("Cannot import non-existent remote object", detail, imported.range)
    schema = model.schema_of_type()
    return Unconfigured(address, id, from_plain(answer.data(), schema), schema)

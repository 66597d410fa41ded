"""Take existing objects over: one by the command `import`, and configuration written for those without any.

Both plan for the objects in question alone, so that they are read with the provider set up as the configuration says.
"""

from copy import copy

from engine.address import InstanceAddress
from engine.config.model import Import, Module, ProviderBlock
from engine.config.traversals import names_of
from engine.diagnostics import Diagnostics, SourceFile, error
from engine.events import Listener
from engine.lang.values import SENSITIVE, Value, has_mark, is_null, is_unknown
from engine.plan.changes import Change, Plan
from engine.plan.imports import block_at
from engine.plan.objects import LoadProvider, header_of, managed_model, record_of
from engine.plan.options import PlanOptions
from engine.plan.unconfigured import Unconfigured, read_unconfigured
from engine.syntax import tree
from engine.syntax.expression import Expression
from engine.syntax.parser import parse_expression
from providers.registry import load_provider
from rtf import workspace
from rtf.views.values import format_value
from rtf.workspace import Loaded
from state.snapshot import Snapshot


def import_object(
    loaded: Loaded,
    variables: dict[str, Value],
    snapshot: Snapshot,
    address: InstanceAddress,
    id: str,
    found: Diagnostics,
    *,
    load: LoadProvider = load_provider,
    emit: Listener = lambda event: None,
) -> Snapshot:
    """Return `snapshot` with the existing object that `id` names as `address`. Raises DiagnosticError."""
    if snapshot.find(str(address.resource), address.key) is not None:
        detail = (
            f"A remote object is managed as {address} already. To import to this address you must first remove the "
            "existing object from the state, with rtf state rm."
        )
        raise error("Resource already managed by Terraform", detail)
    loaded.module.imports[:] = [_block(address, id)]
    options = PlanOptions(targets=(address,))
    plan = workspace.make_plan(loaded, variables, snapshot, found, options, load=load, emit=emit)
    change = next((one for one in plan.changes if one.address == address and one.importing is not None), None)
    if change is None:
        detail = (
            f"The configuration for the given import target {address} does not exist: its block has no such instance."
        )
        raise error("Configuration for import target does not exist", detail)
    return _with_object(plan, change, loaded.module, found, load)


def _block(address: InstanceAddress, id: str) -> Import:
    """Return what would have to be written to import an object."""
    source = SourceFile("<import-address>", str(address))
    target = Expression(parse_expression(source), source)
    said = SourceFile("<import-id>", id)
    return Import(target.range, target, Expression((tree.STRING, 0, len(id), id), said))


def _with_object(plan: Plan, change: Change, module: Module, found: Diagnostics, load: LoadProvider) -> Snapshot:
    providers, models = workspace.find_types(module, plan.prior, found, load)
    schema = managed_model(models, change.address.resource).schema_of_type()
    snapshot = plan.prior.copy()
    record = record_of(change.before or {}, schema, change.address.key)
    snapshot.put(header_of(change.address.resource, change.provider, providers), record)
    return snapshot


def unconfigured_imports(loaded: Loaded) -> list[Import]:
    """Return the import blocks of resources in the root module that have no block yet."""
    return [
        imported
        for imported in loaded.module.imports
        if block_at(loaded.module, names := names_of(imported.target)) is None
        and names[:1] not in (["module"], ["data"])
    ]


def generated_configuration(
    loaded: Loaded,
    variables: dict[str, Value],
    snapshot: Snapshot,
    found: Diagnostics,
    *,
    load: LoadProvider = load_provider,
) -> str:
    """Return blocks for the objects to import that have none. Raises DiagnosticError."""
    providers, models = workspace.find_types(_with_providers(loaded), snapshot, found, load)
    found.raise_errors()
    scope = workspace.scope_of(loaded, variables, None, None)
    objects = read_unconfigured(
        loaded.module,
        loaded.graph,
        scope,
        models,
        providers,
        unconfigured_imports(loaded),
        loaded.root.directory,
        found,
    )
    found.raise_errors()
    return "\n".join([_HEADER, *map(_generated, objects)])


def _with_providers(loaded: Loaded) -> Module:
    """Return a module that names the providers of the objects to import, besides those of the module itself."""
    module = copy(loaded.module)
    module.providers = dict(module.providers)
    for imported in unconfigured_imports(loaded):
        name = imported.provider or names_of(imported.target)[0].partition("_")[0]
        module.providers.setdefault(name, ProviderBlock(name, name.partition(".")[0], imported.range, {}))
    return module


_HEADER = """# __generated__ by rtf
# Please review these resources and move them into your main configuration files.
"""


def _generated(found: Unconfigured) -> str:
    own = {name: one for name, one in sorted(found.schema.attributes.items()) if not one.computed or one.optional}
    width = max(map(len, own), default=0)
    lines = [f"  {name:<{width}} = {_written(found.attributes.get(name))}" for name in own]
    said = found.id.replace("\n", " ")
    resource = found.address.resource
    head = f'# __generated__ by rtf from "{said}"\nresource "{resource.type}" "{resource.name}" {{'
    return "\n".join([head, *lines, "}\n"])


def _written(value: Value | None) -> str:
    """Return a value as the language writes it; what is secret is left for people to fill in."""
    if value is None or is_null(value) or is_unknown(value):
        return "null"
    return "null # sensitive" if has_mark(value, SENSITIVE) else format_value(value, 2).lstrip()

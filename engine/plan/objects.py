"""The resource types in use and the recorded objects: what a plan needs to know besides the configuration."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.address import InstanceAddress, InstanceKey, ResourceAddress
from engine.config.model import Module, Place, ResourceBlock
from engine.diagnostics import DiagnosticError, Diagnostics, SourceRange, did_you_mean, error, warning
from engine.graph.build import block_of, resource_dependencies
from engine.graph.walk import order
from engine.lang.convert import ConversionError
from engine.lang.values import (
    NULL,
    SENSITIVE,
    SENSITIVE_MARKS,
    MapValue,
    Path,
    Value,
    children,
    mark_path,
    marked_paths,
    secret_texts,
    unmark,
)
from engine.plan.attributes import Attributes, from_record, to_record
from providers.checks import is_sensitive
from providers.errors import ProviderError
from providers.provider import Provider
from providers.resource import DataSource, EphemeralResource, Resource
from providers.schema import Schema
from state.jsontext import Json
from state.snapshot import Instance, ResourceHeader, Snapshot

if TYPE_CHECKING:
    from engine.graph.build import Graph

Providers = Mapping[str, type[Provider]]
Model = type[Resource] | type[DataSource] | type[EphemeralResource]
Models = Mapping[str, Model]
"""What can be in a block, by kind: `terraform_data`, `data.terraform_remote_state` (`ResourceAddress.kind`)."""

LoadProvider = Callable[[str], type[Provider] | None]


def managed_model(models: Models, address: ResourceAddress) -> type[Resource]:
    """Return the type of a managed resource that is known to have one."""
    model = models[address.kind]
    if not issubclass(model, Resource):
        raise TypeError(f"{address} is not a managed resource")
    return model


@dataclass(frozen=True, slots=True)
class Recorded:
    """One object as the state has it."""

    address: InstanceAddress
    attributes: Attributes
    provider: str
    tainted: bool = False
    dependencies: tuple[str, ...] = ()
    deposed: str | None = None  # set for an old object that its replacement outlived
    previous: InstanceAddress | None = None  # where the state has it, when it has moved


def find_providers(
    module: Module, snapshot: Snapshot, load: LoadProvider, names: Iterable[str], found: Diagnostics
) -> dict[str, type[Provider]]:
    """Return the provider behind each configuration and each recorded object, by type name such as `openai`.

    `names` are all that are installed, to suggest one of them.
    """
    wanted = {name.partition(".")[0]: None for name in module.provider_names()}
    wanted.update({provider_of(resource.provider).partition(".")[0]: None for resource in snapshot.resources.values()})
    providers: dict[str, type[Provider]] = {}
    for name in wanted:
        try:
            provider = load(name)
        except ProviderError as broken:
            found.extend(error(broken.problems[0].summary, broken.problems[0].detail).diagnostics)
            continue
        if provider is not None:
            providers[name] = provider
            continue
        listed = ", ".join(names)
        detail = f'No provider called "{name}" is installed. Installed are: {listed}.{did_you_mean(name, names)}'
        users: list[SourceRange | None] = [
            block.range
            for place in module.places()
            for block in place.module.resources.values()
            if place.provider_of(block.provider).partition(".")[0] == name
        ]
        users += [block.range for block in module.providers.values() if block.type == name]
        for where in users or [None]:
            found.extend(error("Unknown provider", detail, where).diagnostics)
    _check_recorded(snapshot, providers, found)
    return providers


def _check_recorded(snapshot: Snapshot, providers: Mapping[str, type[Provider]], found: Diagnostics) -> None:
    """Report each provider in the state that is another than the installed one of its name."""
    recorded = dict.fromkeys(resource.provider for resource in snapshot.resources.values())
    for source, name in {provider_source(text): provider_of(text).partition(".")[0] for text in recorded}.items():
        if name in providers and providers[name].source != source:
            detail = (
                f"The state records objects of the provider {source}, which is not installed; {providers[name].source} "
                f"is. If both are the same, run rtf state replace-provider {source} {providers[name].source}."
            )
            found.extend(error("Missing required provider", detail).diagnostics)


def provider_source(recorded: str) -> str:
    """Return the name in full of a recorded provider: `host/openai/openai` for `provider["host/openai/openai"].x`."""
    return recorded.partition('["')[2].partition('"]')[0]


def provider_of(recorded: str) -> str:
    """Return the configuration's name of a recorded provider: `openai` for `provider["host/openai/openai"]`."""
    source, _, alias = recorded.rpartition("]")
    name = source.rstrip('"').rpartition("/")[2]
    return f"{name}{alias}"


def provider_record(provider: type[Provider], name: str) -> str:
    """Return how the state records the provider configuration `name`."""
    alias = name.partition(".")[2]
    return f'provider["{provider.source}"]' + (f".{alias}" if alias else "")


def find_models(module: Module, providers: Providers, found: Diagnostics) -> dict[str, Model]:
    """Return all types of `providers` by kind; blocks of types that none of them has are reported."""
    models: dict[str, Model] = {}
    for provider in providers.values():
        models.update({model.type: model for model in provider.resources})
        models.update({f"data.{source.type}": source for source in provider.data_sources})
        models.update({f"ephemeral.{one.type}": one for one in provider.ephemeral_resources})
    for place in module.places():
        for block in place.module.resources.values():
            name = place.provider_of(block.provider)
            type_name = name.partition(".")[0]
            if type_name in providers and block.address.kind not in models:
                found.extend(_unknown_type(block, providers[type_name].source, models).diagnostics)
            if block.address.mode == "managed" and block.address.type in models:
                _check_ignored(block, models[block.address.type].schema_of_type(), found)
            if "." in name and name not in module.providers:
                found.extend(_missing_provider(place, block, name, providers.get(type_name)).diagnostics)
    return models


def _missing_provider(
    place: Place, block: ResourceBlock, name: str, provider: type[Provider] | None
) -> DiagnosticError:
    """Return the error for a block whose provider configuration, one with an alias, is not there."""
    type_name, _, alias = name.partition(".")
    detail = (
        f"To work with {place.node(str(block.address))}, at {block.range}, the provider configuration {name} is "
        f'required, but there is no provider "{type_name}" block with alias = "{alias}".'
    )
    if place.path and provider is not None:
        return error(f"missing provider {provider_record(provider, name)}", detail)
    return error("Provider configuration not present", detail)


_WORDS = {
    "managed": ("Invalid resource type", "resource type"),
    "data": ("Invalid data source", "data source"),
    "ephemeral": ("Invalid ephemeral resource", "ephemeral resource"),
}


def _unknown_type(block: ResourceBlock, source: str, models: Models) -> DiagnosticError:
    """Return the error for a block whose type its provider does not have."""
    type, (summary, what) = block.address.type, _WORDS[block.address.mode]
    alike = [name.rpartition(".")[2] for name in models if name.startswith(block.address.kind.removesuffix(type))]
    hint = did_you_mean(type, [name for name in alike if name != type])
    if type in models:
        hint = f' Did you intend to use the managed resource type "{type}"? If so, declare it in a "resource" block.'
    elif f"data.{type}" in models:
        hint = f' Did you intend to use the data source "{type}"? If so, declare it in a "data" block.'
    detail = f'The provider {source.removeprefix("registry.terraform.io/")} does not support {what} "{type}".{hint}'
    return error(summary, detail, block.type_range or block.range)


def _check_ignored(block: ResourceBlock, schema: Schema, found: Diagnostics) -> None:
    """Report the entries of `ignore_changes` that name no attribute, or one that cannot be configured anyway."""
    for path in block.lifecycle.ignore_changes:
        name = str(path.steps[0])
        attribute = schema.attributes.get(name)
        if attribute is None:
            hint = did_you_mean(name, schema.attributes)
            detail = f'This object has no argument, nested block, or exported attribute named "{name}".{hint}'
            where = SourceRange(path.range.file, path.range.start, min(path.range.end, path.range.start + len(name)))
            found.extend(error("Unsupported attribute", detail, where).diagnostics)
        elif attribute.computed and not attribute.optional:
            detail = (
                f"Adding an attribute name to ignore_changes tells rtf to ignore future changes to the argument in "
                f'configuration after the object has been created. "{name}" is decided by the provider alone, so there '
                "is nothing to ignore. Take it out of ignore_changes."
            )
            found.add(warning("Redundant ignore_changes element", detail, block.type_range or block.range))


def creating_first(graph: "Graph", models: Models) -> frozenset[str]:
    """Return the blocks whose replacements are made before the old object goes away.

    A block says so itself or its type does; and whatever such a block needs has to follow, or the order would be
    circular.
    """
    chosen: set[str] = set()
    for node in reversed(order(graph)):
        found = block_of(graph, node)
        if found.kind != "resource":
            continue
        block = found.place.module.resources[found.name]
        if not block.is_managed:
            continue
        own = block.lifecycle.create_before_destroy
        model = models.get(block.address.type)
        default = getattr(model, "create_before_destroy", False)
        if node in chosen or (default if own is None else own):
            chosen.add(node)
            chosen.update(resource_dependencies(graph, node))
    return frozenset(chosen)


def recorded_objects(snapshot: Snapshot, models: Models, found: Diagnostics) -> list[Recorded]:
    """Return the recorded objects, deposed ones too; records that do not fit their type are reported."""
    objects: list[Recorded] = []
    for resource in snapshot.resources.values():
        address = ResourceAddress(resource.type, resource.name, resource.mode, resource.module)
        model = models.get(address.kind)
        if model is None:
            detail = (
                f"The state records {address}, but no installed provider knows its type. Install the provider, or "
                "remove the object from the state."
            )
            found.extend(error("Unknown resource type in the state", detail).diagnostics)
            continue
        for instance in resource.instances.values():
            with found.collecting():
                recorded = _decode(address, instance, model, resource.provider)
                found.secrets.update(secret_texts(recorded.attributes))
                objects.append(recorded)
    return objects


def current_objects(objects: Iterable[Recorded]) -> dict[str, dict[InstanceKey, Recorded]]:
    """Return the objects that are in use, by block and instance key."""
    current: dict[str, dict[InstanceKey, Recorded]] = {}
    for recorded in objects:
        if recorded.deposed is None:
            current.setdefault(str(recorded.address.resource), {})[recorded.address.key] = recorded
    return current


def _decode(address: ResourceAddress, instance: Instance, model: Model, provider: str) -> Recorded:
    where = address.instance(instance.index_key)
    if instance.schema_version > model.version:
        detail = f"{where} was recorded by a newer version of its provider ({instance.schema_version}). Upgrade rtf."
        raise error("Resource instance managed by newer provider version", detail)
    try:
        attributes = from_record(instance.attributes, model.schema_of_type())
    except ConversionError as problem:
        detail = f"The state's record of {where} does not fit its type: {problem}."
        raise error("Invalid resource instance data in state", detail) from None
    for path in sensitive_paths(instance.sensitive_attributes):
        if path and path[0] in attributes:
            attributes[str(path[0])] = mark_path(attributes[str(path[0])], path[1:], SENSITIVE_MARKS)
    return Recorded(
        where,
        attributes,
        provider_of(provider),
        instance.status == "tainted",
        tuple(instance.dependencies),
        instance.deposed,
    )


def record_of(
    attributes: Attributes,
    schema: Schema,
    key: InstanceKey,
    dependencies: Iterable[str] = (),
    *,
    tainted: bool = False,
    create_before_destroy: bool = False,
    deposed: str | None = None,
) -> Instance:
    """Return an object as the state has it. Its attributes are wholly known."""
    return Instance(
        attributes=to_record(attributes, schema),
        index_key=key,
        status="tainted" if tainted else None,
        schema_version=schema.version,
        sensitive_attributes=sensitive_record(sensitive_by_configuration(attributes, schema), attributes),
        dependencies=list(dependencies),
        create_before_destroy=create_before_destroy,
        deposed=deposed,
    )


def sensitive_by_configuration(attributes: Attributes, schema: Schema) -> list[Path]:
    """Return the paths of sensitive values, less those that the schema knows to be sensitive anyway."""
    return [path for path in marked_paths(attributes, SENSITIVE) if not is_sensitive(schema, path)]


def header_of(address: ResourceAddress, provider: str, providers: Providers) -> ResourceHeader:
    """Return what the state says of all instances of a resource; `provider` is the configuration's name."""
    source = provider_record(providers[provider.partition(".")[0]], provider)
    return ResourceHeader(address.type, address.name, source, address.mode, address.module)


def sensitive_paths(recorded: Iterable[object]) -> list[Path]:
    """Return the paths that a state's `sensitive_attributes` name; steps of unknown kind are left out."""
    paths: list[Path] = []
    for path in recorded:
        steps: list[str | int] = []
        for step in path if isinstance(path, list) else []:
            value = step.get("value") if isinstance(step, dict) else None
            if isinstance(value, dict):
                value = value.get("value")
            if isinstance(value, str | int):
                steps.append(value)
        paths.append(tuple(steps))
    return paths


def sensitive_record(paths: Iterable[Path], attributes: Attributes) -> list[Json]:
    """Return paths into `attributes` as a state's `sensitive_attributes` names them."""
    return [_record_of_path(path, attributes) for path in sorted(paths, key=str)]


def _record_of_path(path: Path, attributes: Attributes) -> Json:
    steps: list[Json] = []
    value: Value = attributes
    for step in path:
        value, _ = unmark(value)
        if isinstance(step, str) and value.__class__ is not MapValue:
            steps.append({"type": "get_attr", "value": step})
        else:
            steps.append(
                {"type": "index", "value": {"value": step, "type": "number" if isinstance(step, int) else "string"}}
            )
        value = dict(children(value)).get(step, NULL)
    return steps

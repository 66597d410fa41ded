"""Which providers a configuration and its state require, for people, and what they offer, as JSON for machines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.config.versions import Constraint, shown_constraints
from engine.lang.functions.terraform_provider import provider_functions
from providers.provider import Provider
from providers.schema import Attribute, Schema, schema_of
from rtf.views.functions_json import function_signature
from rtf.views.json_text import compact

PROVIDERS_FORMAT: Final = "1.0"
_BUILTIN: Final = "terraform.io/builtin/terraform"


@dataclass(frozen=True, slots=True)
class ModuleProviders:
    """What one module requires, and what the modules that it calls do, by the names of the calls."""

    required: Mapping[str, tuple[Constraint, ...]]
    calls: "Mapping[str, ModuleProviders]"


def providers_text(configured: ModuleProviders, recorded: Iterable[str]) -> str:
    """Return the requirements of a configuration as a tree, and the addresses that its state names."""
    lines = ["", "Providers required by configuration:", ".", *_branches(configured, ""), ""]
    addresses = sorted(set(recorded))
    if addresses:
        lines += ["Providers required by state:", ""]
    for address in addresses:
        lines += [f"    provider[{address}]", ""]
    return "\n".join(lines) + "\n"


def _branches(module: ModuleProviders, indent: str) -> Iterator[str]:
    items: list[tuple[str, ModuleProviders | None]] = [
        (f"provider[{address}] {shown_constraints(constraints)}".rstrip(), None)
        for address, constraints in sorted(module.required.items())
    ]
    items += [(f"module.{name}", called) for name, called in sorted(module.calls.items())]
    for number, (text, called) in enumerate(items, 1):
        last = number == len(items)
        yield f"{indent}{'└── ' if last else '├── '}{text}"
        if called is not None:
            yield from _branches(called, f"{indent}{'    ' if last else '│   '}")


def schemas_json(providers: Iterable[type[Provider]]) -> str:
    """Return everything that may be written for the resource types of some providers."""
    schemas = provider_schemas(providers)
    content: dict[str, Any] = {"format_version": PROVIDERS_FORMAT}
    return compact(content | ({"provider_schemas": schemas} if schemas else {})) + "\n"


def provider_schemas(providers: Iterable[type[Provider]]) -> dict[str, Any]:
    """Return what `schemas_json` tells of each provider, by address."""
    return {provider.source: _provider(provider) for provider in sorted(providers, key=lambda one: one.source)}


def _provider(provider: type[Provider]) -> dict[str, Any]:
    configuration = schema_of(provider.configuration)
    told: dict[str, Any] = {"provider": _schema(configuration) if configuration.attributes else {"version": 0}}
    kinds = {
        "resource_schemas": {kind.type: kind.schema_of_type() for kind in provider.resources},
        "data_source_schemas": {kind.type: kind.schema_of_type() for kind in provider.data_sources},
        "ephemeral_resource_schemas": {kind.type: kind.schema_of_type() for kind in provider.ephemeral_resources},
    }
    told.update(
        (name, {type: _schema(types[type]) for type in sorted(types)}) for name, types in kinds.items() if types
    )
    if provider.source == _BUILTIN:
        functions = provider_functions(provider.name, lambda text: {})
        told["functions"] = {
            function.name.rpartition("::")[2]: function_signature(function)
            for function in sorted(functions, key=lambda one: one.name)
        }
    return told


def _schema(schema: Schema) -> dict[str, Any]:
    block = {"attributes": _attributes(schema)} if schema.attributes else {}
    return {"version": schema.version, "block": {**block, "description_kind": "plain"}}


def _attributes(schema: Schema) -> dict[str, Any]:
    return {name: _attribute(attribute) for name, attribute in sorted(schema.attributes.items())}


def _attribute(attribute: Attribute) -> dict[str, Any]:
    told: dict[str, Any] = {"type": attribute.type}
    if attribute.nested is not None:
        told = {"nested_type": {"attributes": _attributes(attribute.nested), "nesting_mode": attribute.nesting}}
    told["description_kind"] = "plain"
    for flag in ("required", "optional", "computed", "sensitive", "write_only"):
        if getattr(attribute, flag):
            told[flag] = True
    return told

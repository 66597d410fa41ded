"""Which provider configurations there are, under the keys by which Terraform's JSON tells them apart.

A configuration is named as in its module, `openai.eu`, with the module's path before it: `module.a:openai.eu`. One that
a module takes over from its caller stands for the caller's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.config.model import Argument, Module, Place


@dataclass(frozen=True, slots=True)
class Configuration:
    """One provider configuration as a module knows it."""

    name: str  # in its module, without the alias
    full_name: str
    module: str = ""
    alias: str = ""
    version: str = ""
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    source_key: str | None = None  # the key of the caller's configuration that it is


class Configurations(dict[str, Configuration]):
    """All configurations by key."""

    def key_of(self, place: Place, name: str) -> str:
        """Return the key of the configuration that a module calls `name`."""
        key = _key(place.path, name)
        found = self.get(key)
        return key if found is None or found.source_key is None else found.source_key

    def outermost(self, key: str, full_name: str) -> str | None:
        """Return the key that `key` stands for in the end, None when that is no configuration of this provider."""
        found = self.get(key)
        if found is None or found.full_name != full_name:
            return None
        above = self.outermost(found.source_key, full_name) if found.source_key else None
        return above or key


def provider_configurations(root: Module, sources: Mapping[str, str]) -> Configurations:
    """Return all provider configurations that are written, required, implied or handed on."""
    found = Configurations()
    for place in root.places():
        _add_handed_on(place, sources, found)
        _add_own(place, sources, found)
    return found


def _key(path: str, name: str) -> str:
    return f"{path}:{name}" if path else name


def _add_handed_on(place: Place, sources: Mapping[str, str], found: Configurations) -> None:
    """Add the configurations that the call of a module gives to it."""
    if place.caller is None or place.call is None:
        return
    for inside, outside in place.call.providers.items():
        full_name = _full_name(inside.partition(".")[0], place.module, sources)
        source = found.outermost(_key(place.caller.path, outside), full_name)
        found[_key(place.path, inside)] = Configuration(inside, full_name, place.path, source_key=source)


def _add_own(place: Place, sources: Mapping[str, str], found: Configurations) -> None:
    """Add what a module writes, what it requires, and what the types of its resources imply."""
    module = place.module
    for name, block in module.providers.items():
        found[_key(place.path, name)] = Configuration(
            block.type,
            _full_name(block.type, module, sources),
            place.path,
            name.partition(".")[2],
            _version(block.type, module),
            block.arguments,
        )
    used = [block.provider.partition(".")[0] for block in module.resources.values()]
    blocks = [block.type for block in module.providers.values()]
    for name in [*module.required_providers, *(_type(name, module, sources) for name in [*used, *blocks])]:
        key = _key(place.path, name)
        if key in found:
            continue
        full_name = _full_name(name, module, sources)
        source = None if place.caller is None else found.outermost(_key(place.caller.path, name), full_name)
        version = _version(name, module)
        found[key] = Configuration(name, full_name, place.path, version=version, source_key=source)


def _full_name(name: str, module: Module, sources: Mapping[str, str]) -> str:
    """Return the full name of the provider that a module calls `name`."""
    required = module.required_providers.get(name)
    if required is not None and required.source:
        parts = required.source.lower().split("/")
        return "/".join(["registry.terraform.io", "hashicorp"][: 3 - len(parts)] + parts)
    return sources.get(name, f"registry.terraform.io/hashicorp/{name}")


def _type(name: str, module: Module, sources: Mapping[str, str]) -> str:
    return _full_name(name, module, sources).rpartition("/")[2]


def _version(name: str, module: Module) -> str:
    """Return the version constraints of a provider, each with one blank after its operator."""
    required = module.required_providers.get(name)
    if required is None or not required.version:
        return ""
    constraints = []
    for written in required.version.split(","):
        text = written.strip()
        version = text.lstrip("=!<>~ ")
        operator = text[: len(text) - len(version)].strip()
        constraints.append(f"{operator} {version}" if operator not in ("", "=") else version)
    return ", ".join(constraints)

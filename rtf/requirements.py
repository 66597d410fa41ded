"""Which providers a configuration requires, and whether rtf has them.

Providers come with rtf or are installed with pip. A module asks for them with `required_providers`, with provider
blocks, and with the types of its resources; which versions it asks for is shown and not checked, because they count
the releases of other programs.
"""

from pathlib import Path
from typing import Final

from engine.config.lockfile import read_lock_file
from engine.config.model import Module
from engine.config.versions import Constraint
from engine.diagnostics import Diagnostics, error
from engine.plan.objects import LoadProvider
from providers.registry import load_provider, provider_names

Requirements = dict[str, tuple[Constraint, ...]]
"""What a module asks for of each provider, by the provider's full address."""

_UNKNOWN: Final = "registry.terraform.io/hashicorp/"


def requirements_of(module: Module, load: LoadProvider = load_provider) -> Requirements:
    """Return what one module asks for, without the modules that it calls."""
    required: Requirements = {}
    written = {module.provider_type(name): entry for name, entry in module.required_providers.items()}
    for type, entry in written.items():
        address = entry.source or _implied_source(type, load)
        required[address] = (*required.get(address, ()), *entry.constraints)
    local = [block.provider for block in module.resources.values()] + [block.provider for block in module.imports]
    used = [module.provider_type(name.partition(".")[0]) for name in local if name]
    for type in [*(block.type for block in module.providers.values()), *used]:
        if type not in written:
            required.setdefault(_implied_source(type, load), ())
    return required


def _implied_source(type: str, load: LoadProvider) -> str:
    provider = load(type)
    return _UNKNOWN + type if provider is None else provider.source


def missing_providers(root: Module, load: LoadProvider = load_provider) -> list[str]:
    """Return the addresses of the required providers that rtf does not have, sorted."""
    required = {address for place in root.places() for address in requirements_of(place.module, load)}
    return sorted(address for address in required if not _is_installed(address, load))


def _is_installed(address: str, load: LoadProvider) -> bool:
    provider = load(address.rpartition("/")[2])
    return provider is not None and provider.source == address


def check_usable(root: Module, directory: Path, found: Diagnostics) -> None:
    """Report required providers that rtf does not have, and a lock file that cannot be read."""
    locked = read_lock_file(directory, found)
    missing = missing_providers(root)
    if not missing:
        return
    listed = "".join(f"  - provider {address}\n" for address in missing)
    if locked.intersection(missing):
        summary = "Required plugins are not installed"
        detail = "The dependency lock file selects providers that rtf does not have"
    else:
        summary = "Inconsistent dependency lock file"
        detail = "The configuration requires providers that rtf does not have"
    found.extend(error(summary, f"{detail}:\n{listed}{installed_providers()}").diagnostics)


def check_installable(root: Module, directory: Path, found: Diagnostics) -> None:
    """Report what `check_usable` does in the words of a command that would install providers."""
    read_lock_file(directory, found)
    for address in missing_providers(root):
        detail = f"The configuration requires provider {address}, but rtf does not have it. {installed_providers()}"
        found.extend(error("Failed to query available provider packages", detail).diagnostics)


def check_valid(root: Module, directory: Path, found: Diagnostics) -> None:
    """Report what `check_usable` does, each missing provider by itself."""
    read_lock_file(directory, found)
    for address in missing_providers(root):
        detail = f"This configuration requires provider {address}, but rtf does not have it. {installed_providers()}"
        found.extend(error("Missing required provider", detail).diagnostics)


def installed_providers() -> str:
    """Return a sentence that tells which providers rtf has."""
    sources = [provider.source for name in provider_names() if (provider := load_provider(name)) is not None]
    return f"rtf has {', '.join(sources)}. Others are installed with pip, as Python packages for rtf."

"""Find installed providers by entry point, and import only the one that is asked for."""

from importlib.metadata import entry_points

from providers.errors import failure
from providers.provider import Provider

GROUP = "rtf.providers"


def provider_names() -> list[str]:
    """Return the names of all installed providers, sorted, without importing any."""
    return sorted(point.name for point in entry_points(group=GROUP))


def load_provider(name: str) -> type[Provider] | None:
    """Return the provider called `name`, or None when none is installed under it.

    Raises ProviderError when something else than a provider is installed under that name.
    """
    for point in entry_points(group=GROUP, name=name):
        found = point.load()
        if isinstance(found, type) and issubclass(found, Provider):
            return found
        raise failure("Broken provider", f'"{point.value}", installed as provider "{name}", is not a Provider.')
    return None

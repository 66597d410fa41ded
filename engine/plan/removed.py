"""`removed` blocks: which of them speaks of a resource, and which contradict the configuration."""

from engine.config.model import Module, Removed
from engine.diagnostics import Diagnostics, error


def removed_block(module: Module, node: str) -> Removed | None:
    """Return the `removed` block that speaks of a resource which is no longer configured, or None."""
    for place in module.places():
        for removed in place.module.removed:
            source = removed.source
            path = place.node(".".join(f"module.{name}" for name, _ in source.modules))
            if source.name and node == ".".join(part for part in (path, source.name) if part):
                return removed
            if not source.name and node.startswith(f"{path}."):
                return removed
    return None


def check_removed(module: Module, found: Diagnostics) -> None:
    """Report the `removed` blocks whose resource or module is still configured."""
    places = {place.path: place for place in module.places()}
    for place in list(places.values()):
        for removed in place.module.removed:
            source = removed.source
            path = place.node(".".join(f"module.{name}" for name, _ in source.modules))
            still = places.get(path)
            if not source.name and still is not None and still.call is not None:
                detail = (
                    f"The statement at {removed.range} declares that {path} was removed, but it is still called here. "
                    "Take away the call or the statement."
                )
                found.extend(error("Removed module still exists", detail, still.call.range).diagnostics)
            elif source.name and still is not None and source.name in still.module.resources:
                block = still.module.resources[source.name]
                detail = (
                    f"The statement at {removed.range} declares that {still.node(source.name)} was removed, but it is "
                    "still declared here. Take away the block or the statement."
                )
                found.extend(error("Removed resource still exists", detail, block.range).diagnostics)

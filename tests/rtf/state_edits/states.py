"""Snapshots for the tests of this folder, written as lists of addresses."""

from collections.abc import Mapping

from engine.address import parse_resource_instance
from rtf.state_edits.instances import address_of
from state.snapshot import Instance, ResourceHeader, Snapshot

PROVIDER = 'provider["terraform.io/builtin/terraform"]'


def holding(
    *addresses: str, dependencies: Mapping[str, list[str]] | None = None, deposed: tuple[str, ...] = ()
) -> Snapshot:
    """Return a snapshot with an object at each address, whose id is the address; `deposed` are old ones only."""
    snapshot = Snapshot("lineage", 3)
    for text, old in [*((text, None) for text in addresses), *((text, "0a1b2c3d") for text in deposed)]:
        address = parse_resource_instance(text)
        resource = address.resource
        header = ResourceHeader(resource.type, resource.name, PROVIDER, resource.mode, resource.module)
        needs = (dependencies or {}).get(text, [])
        snapshot.put(header, Instance({"id": text}, index_key=address.key, deposed=old, dependencies=needs))
    return snapshot


def ids(snapshot: Snapshot) -> dict[str, object]:
    """Return the id of each object by the address that it has now."""
    return {
        str(address_of(resource).instance(one.index_key)): one.attributes["id"]
        for resource in snapshot.resources.values()
        for one in resource.instances.values()
    }

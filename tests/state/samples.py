"""Snapshots and states for the tests of this folder."""

import asyncio
from pathlib import Path

from state.journal import Journal
from state.records import InstanceChange, OutputChange
from state.snapshot import Instance, InstanceKey, Output, ResourceHeader, Snapshot

FIXTURES = Path(__file__).parent / "fixtures"
RECORDED = sorted(FIXTURES.glob("*.tfstate"))  # written by Terraform 1.11.4, untouched
PROVIDER = 'provider["terraform.io/builtin/terraform"]'
LINEAGE = "3f8a5f0e-8f0b-4b5e-9a63-0d8c2f6b1c11"
CALL = ResourceHeader("terraform_data", "call", PROVIDER)


def instance(id: str, key: InstanceKey = None, deposed: str | None = None) -> Instance:
    """Return an object as `terraform_data` has it."""
    attributes = {"id": id, "input": None, "output": None, "triggers_replace": None}
    return Instance(attributes=dict(attributes), index_key=key, deposed=deposed)


def snapshot(*ids: str, serial: int = 3) -> Snapshot:
    """Return a stored snapshot in which `terraform_data.call` has an object for each id, with count."""
    made = Snapshot(LINEAGE, serial)
    for number, id in enumerate(ids):
        made.put(CALL, instance(id, number))
    return made


def ids(found: Snapshot) -> set[object]:
    """Return the ids of all objects in a snapshot."""
    return {each.attributes["id"] for resource in found.resources.values() for each in resource.instances.values()}


def journal_bytes(path: Path, base: Snapshot) -> bytes:
    """Return the journal of a run that created, failed, replaced, deleted and was killed in the middle of a create."""

    async def run() -> None:
        journal = Journal(path, base.lineage, base.serial)
        created = await journal.intend("terraform_data.call[7]", "create", {"name": "seven"})
        await journal.conclude(created, InstanceChange.put(CALL, instance("seven", 7)))
        failed = await journal.intend("terraform_data.call[8]", "create")
        await journal.conclude(failed)
        replaced = await journal.intend("terraform_data.call[0]", "replace")
        await journal.conclude(
            replaced,
            InstanceChange.put(CALL, instance("old", 0, "0a1b2c3d")),
            InstanceChange.put(CALL, instance("new", 0)),
        )
        await journal.append(OutputChange("url", Output("https://a.example/<é>", "string", sensitive=True)))
        deleted = await journal.intend("terraform_data.call[0]", "delete")
        await journal.conclude(deleted, InstanceChange(CALL, 0, "0a1b2c3d"))
        await journal.intend("terraform_data.call[9]", "create", {"name": "nine"})
        journal.close()

    asyncio.run(run())
    return path.read_bytes()

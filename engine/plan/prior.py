"""The snapshot that an apply begins with: what is stored, moved and refreshed, with what was read and is known."""

from collections.abc import Sequence

from engine.lang.values import wholly_known
from engine.plan.objects import Models, Providers, Recorded, header_of, record_of
from engine.plan.outputs import output_records
from engine.plan.planner import Planned
from state.snapshot import Snapshot


def settled(
    snapshot: Snapshot, objects: Sequence[Recorded], planned: Planned, models: Models, providers: Providers
) -> Snapshot:
    """Return `snapshot`, of which `objects` were decoded, as planning found the world to be."""
    prior = snapshot.copy()
    kept = {id(recorded) for recorded in planned.objects}
    known = {id(recorded) for recorded in objects}
    for recorded in objects:
        if id(recorded) not in kept:
            prior.drop(str(recorded.address.resource), recorded.address.key, recorded.deposed)
    for recorded in planned.objects:
        if id(recorded) in known:
            continue
        address = recorded.address
        record = record_of(
            recorded.attributes,
            models[address.resource.kind].schema_of_type(),
            address.key,
            recorded.dependencies if address.resource.mode == "managed" else (),
            tainted=recorded.tainted,
        )
        old = snapshot.find(str(address.resource), address.key)
        if old is not None and old == record:
            record = old
        prior.put(header_of(address.resource, recorded.provider, providers), record)
    if planned.plan.destroy:
        return prior
    outputs = [change for change in planned.plan.outputs if change.after is not None and wholly_known(change.after)]
    records = output_records(
        {change.name: change.after for change in outputs if change.after is not None},
        {change.name: change.sensitive for change in outputs},
    )
    prior.outputs.update({name: record for name, record in records.items() if record != prior.outputs.get(name)})
    return prior

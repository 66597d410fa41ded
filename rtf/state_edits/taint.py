"""`rtf taint` and `rtf untaint`: what is known to be in disorder, and replaced by the next apply."""

from dataclasses import replace

from engine.address import InstanceAddress
from engine.diagnostics import DiagnosticError, error
from rtf.state_edits.instances import all_instances, current_object
from state.snapshot import Instance, Snapshot


class Missing(DiagnosticError):
    """Raised when the state records no such instance."""


def with_status(snapshot: Snapshot, address: InstanceAddress, *, tainted: bool) -> Snapshot:
    """Return a snapshot in which the current object of an instance is tainted, or is not any more.

    Raises Missing when there is none, and DiagnosticError when its state is not what it should be.
    """
    one = _object(snapshot, address)
    if not tainted and one.status != "tainted":
        detail = f"Resource instance {address} is not currently tainted, and so it cannot be untainted."
        raise error("Resource instance is not tainted", detail)
    changed = snapshot.copy()
    header = changed.resources[str(address.resource)].header
    changed.put(header, replace(one, status="tainted" if tainted else None))
    return changed


def _object(snapshot: Snapshot, address: InstanceAddress) -> Instance:
    one = current_object(snapshot, address)
    if one is not None:
        return one
    instances = all_instances(snapshot)
    if address in instances:
        detail = (
            f"Resource instance {address} is currently part-way through a create_before_destroy replacement action. "
            "Run rtf apply to complete its replacement first."
        )
        raise error("No such resource instance", detail)
    if instances or snapshot.outputs:
        detail = (
            f"There is no resource instance in the state with the address {address}. If the resource configuration has "
            "just been added, you must run rtf apply once to create the corresponding instance(s) before they can be "
            "tainted. See rtf state list."
        )
    else:
        detail = (
            "The state currently contains no resource instances whatsoever. This may occur if the configuration has "
            "never been applied or if it has recently been destroyed."
        )
    raise Missing(*error("No such resource instance", detail).diagnostics)

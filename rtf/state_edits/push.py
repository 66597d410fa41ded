"""`rtf state push`: whether a snapshot from elsewhere may take the place of the stored one, and what it becomes."""

from dataclasses import replace

from state.snapshot import Snapshot


def refusal(pushed: Snapshot, stored: Snapshot) -> str | None:
    """Return why a snapshot should not replace the stored one, or None when it may. What is empty gives way."""
    if not stored.resources and not stored.outputs:
        return None
    if pushed.lineage != stored.lineage:
        return (
            f'cannot import state with lineage "{pushed.lineage}" over unrelated state with lineage "{stored.lineage}"'
        )
    if pushed.serial < stored.serial:
        return f"cannot import state with serial {pushed.serial} over newer state with serial {stored.serial}"
    if pushed.serial == stored.serial and not pushed.same_content(stored):
        return (
            f"cannot overwrite existing state with serial {stored.serial} with a different state that has the same "
            "serial"
        )
    return None


def to_store(pushed: Snapshot, stored: Snapshot) -> Snapshot:
    """Return what is stored of a pushed snapshot: it counts as a change when it says something else."""
    if stored.is_absent or pushed.same_content(stored):
        return pushed
    return replace(pushed.copy(), serial=pushed.serial + 1)

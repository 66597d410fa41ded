"""One change as people read it: what happens to the object and why, then the object with what differs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from engine.address import written_key
from engine.plan.changes import Action, Change, Reason
from providers.schema import Schema
from rtf.views.differences import compare_objects
from rtf.views.notation import Style, symbol, write
from rtf.views.terminal import Paint, harmless


def render_change(
    change: Change, schemas: Mapping[str, Schema], *, color: bool, now: str = "", happened: bool = False
) -> str:
    """Return what happens to one object, ending with a newline. `now` is the time of the plan, in RFC 3339.

    With `happened` it has happened already, outside of rtf.
    """
    paint = Paint(color)
    address = change.address.resource
    schema = schemas.get(address.kind, Schema())
    before = None if change.action is Action.CREATE else change.before
    after = None if change.action is Action.DELETE else before if change.action is Action.FORGET else change.after
    tree = compare_objects(before, after, schema, change.replace_paths)
    keyword = "data" if address.mode == "data" else "resource"
    header = f'{keyword} "{address.type}" "{address.name}"'
    body = write(replace(tree, forces=False), 0, Style(paint))
    body = body.removesuffix(" -> null") if not color else body.removesuffix(f" {paint('-> null', 'dark')}")
    comment = _drift(change, paint) if happened else _comment(change, now, paint)
    lines = [comment, *_origins(change)]
    return "".join(f"{line}\n" for line in lines) + f"{symbol(change.action, paint)} {header} {body}\n"


def is_shown(change: Change) -> bool:
    """Return whether people are told of a change: an object that stays as it is may still have moved."""
    if change.action is Action.NO_OP:
        return change.previous_address is not None or change.importing is not None
    return change.action is not Action.DELETE or change.address.resource.mode != "data"


def _comment(change: Change, now: str, paint: Paint) -> str:
    start = paint(f"  # {harmless(change.name)}", "bold")
    match change.action:
        case Action.CREATE:
            return f"{start} will be created"
        case Action.READ:
            return f"{start} will be read during apply{_note(_READS.get(change.reason) if change.reason else None)}"
        case Action.UPDATE:
            return f"{start} will be updated in-place"
        case Action.DELETE:
            return f"{start} will be {paint('destroyed', 'bold', 'red')}{_removal_reason(change)}"
        case Action.FORGET:
            start = paint(f" # {harmless(change.name)}", "bold")
            why = "\n # (destroy = false is set in the configuration)"
            return f"{start} will no longer be managed by rtf, but will not be destroyed{why}"
        case Action.NO_OP:
            return _unchanged(change, paint)
    replaced = paint("replaced", "bold", "red")
    match change.reason:
        case Reason.TAINTED:
            return f"{start} is tainted, so must be {replaced}"
        case Reason.EXPIRED:
            return f"{start} {_expiry(change.expired_at, now)}, so must be {replaced}"
        case Reason.REQUESTED:
            return f"{start} will be {replaced}, as requested"
        case Reason.TRIGGERED:
            return f"{start} will be {replaced} due to changes in replace_triggered_by"
    return f"{start} must be {replaced}"


_READS = {
    Reason.READ_UNKNOWN: "config refers to values not yet known",
    Reason.READ_DEPENDENCY: "depends on a resource or a module with changes pending",
    Reason.READ_CHECK: "config will be reloaded to verify a check block",
}


def _note(text: str | None) -> str:
    return "" if text is None else f"\n  # ({text})"


def _unchanged(change: Change, paint: Paint) -> str:
    if change.previous_address is not None:
        start = paint(f"  # {harmless(str(change.previous_address))}", "bold")
        return f"{start} has moved to {paint(harmless(change.name), 'bold')}"
    return f"{paint(f'  # {harmless(change.name)}', 'bold')} will be imported"


def _drift(change: Change, paint: Paint) -> str:
    start = paint(f"  # {harmless(change.name)}", "bold")
    if change.action is Action.NO_OP:
        return _unchanged(change, paint)
    return f"{start} has been deleted" if change.action is Action.DELETE else f"{start} has changed"


def _origins(change: Change) -> list[str]:
    """Return where an object comes from, if the line before has not said so already."""
    lines = []
    moved = change.previous_address is not None
    if moved and change.action is not Action.NO_OP:
        lines.append(f"  # (moved from {harmless(str(change.previous_address))})")
    if change.importing is not None and (moved or change.action is not Action.NO_OP):
        lines.append(f'  # (imported from "{harmless(change.importing)}")')
        if change.action.replaces:
            lines.append("  # Warning: this will destroy the imported resource")
    return lines


def _expiry(expired_at: float | None, now: str) -> str:
    if expired_at is None:
        return "expired"
    # Written by hand so that a time beyond what a calendar holds does no harm.
    try:
        moment = datetime.fromtimestamp(expired_at, UTC)
    except (OverflowError, ValueError, OSError):
        return "expired"
    written = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"expires at {written}" if now and now < written else f"expired at {written}"


def _removal_reason(change: Change) -> str:
    """Return why an object goes, and what it is if not the one in use."""
    left_over = "left over from a partially-failed replacement of this instance" if change.deposed is not None else None
    key, address = change.address.key, change.address.resource
    text: str | None = None
    match change.reason:
        case Reason.NO_BLOCK:
            text = f"because {address.type}.{address.name} is not in configuration"
        case Reason.NO_MOVE:
            text = f"because {change.previous_address} was moved to {change.address}, which is not in configuration"
        case Reason.NO_MODULE:
            text = f"because {address.module} is not in configuration"
        case Reason.WRONG_REPETITION if key is None:
            text = "because resource uses count or for_each"
        case Reason.WRONG_REPETITION:
            text = f"because resource does not use {'count' if isinstance(key, int) else 'for_each'}"
        case Reason.COUNT_INDEX:
            text = f"because index {written_key(key)} is out of range for count"
        case Reason.EACH_KEY:
            text = f"because key {written_key(key)} is not in for_each map"
    return _note(None if text is None else harmless(text)) + _note(left_over)

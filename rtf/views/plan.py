"""A plan as people read it: what will happen to each object, how many there are, and what outputs become."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from engine.address import address_order, written_key
from engine.lang.values import SENSITIVE_MARKS, Value, mark
from engine.plan.changes import Action, Change, OutputChange, Plan, Reason, count
from providers.schema import Schema
from rtf.views.differences import compare_objects, compare_values
from rtf.views.notation import Style, symbol, write, write_line
from rtf.views.terminal import PLAIN_WIDTH, Paint, harmless, wrap

RULE: Final = "─" * 77

_LEGEND: Final = {
    Action.CREATE: "create",
    Action.READ: "read (data resources)",
    Action.UPDATE: "update in-place",
    Action.DELETE: "destroy",
    Action.DELETE_THEN_CREATE: "destroy and then create replacement",
    Action.CREATE_THEN_DELETE: "create replacement and then destroy",
}


def render_plan(plan: Plan, schemas: Mapping[str, Schema], *, color: bool, width: int | None = PLAIN_WIDTH) -> str:
    """Return what `plan` will do, ending with a newline. `schemas` are those of the resource types, by name.

    Sensitive values are not in it; the plan's notices come first. Paragraphs are broken at `width`, values never.
    """
    paint = Paint(color)
    changes = sorted((change for change in plan.changes if change.action is not Action.NO_OP), key=change_order)
    outputs = _outputs(plan.outputs, paint)
    parts = [f"\n{wrap(harmless(notice), width)}\n" for notice in plan.notices]
    if not changes and not outputs:
        return "".join([*parts, _no_changes(plan, paint, width)])
    if changes:
        parts.append(_introduction(changes, paint, width))
        parts.extend(render_change(change, schemas, color=color, now=plan.timestamp) + "\n" for change in changes)
        counts = count(changes)
        numbers = f"{counts.add} to add, {counts.change} to change, {counts.destroy} to destroy."
        parts.append(f"{paint('Plan:', 'bold')} {numbers}\n")
    if outputs:
        parts.append(f"\n{paint('Changes to Outputs:', 'bold')}\n{outputs}")
        if not changes:
            parts.append("\n" + wrap(_ONLY_OUTPUTS, width) + "\n")
    return "".join(parts)


def change_order(change: Change) -> tuple[tuple[object, ...], str]:
    """Return what the changes of a plan are sorted by when they are shown: by address, old objects last."""
    return address_order(change.address), change.deposed or ""


_ONLY_OUTPUTS: Final = (
    "You can apply this plan to save these new output values to the Terraform state, without changing any real "
    "infrastructure."
)


def _no_changes(plan: Plan, paint: Paint, width: int | None) -> str:
    head = paint("No changes.", "bold", "green")
    if plan.destroy:
        title = "No objects need to be destroyed."
        text = (
            "Either you have not created any objects yet or the existing objects were already deleted outside of rtf."
        )
    else:
        title = "Your infrastructure matches the configuration."
        text = (
            "rtf has compared your real infrastructure against your configuration and found no differences, so no "
            "changes are needed."
        )
    return f"\n{head} {paint(title, 'bold')}\n\n{wrap(text, width)}\n"


def _introduction(changes: Iterable[Change], paint: Paint, width: int | None) -> str:
    used = {change.action for change in changes}
    intro = wrap(
        "rtf used the selected providers to generate the following execution plan. Resource actions are indicated "
        "with the following symbols:",
        width,
    )
    legend = "".join(f"{symbol(action, paint)} {text}\n" for action, text in _LEGEND.items() if action in used)
    return f"\n{intro}\n{legend}\nrtf will perform the following actions:\n\n"


def render_change(change: Change, schemas: Mapping[str, Schema], *, color: bool, now: str = "") -> str:
    """Return what happens to one object, ending with a newline. `now` is the time of the plan, in RFC 3339."""
    paint = Paint(color)
    address = change.address.resource
    schema = schemas.get(address.kind, Schema())
    before = None if change.action is Action.CREATE else change.before
    after = None if change.action is Action.DELETE else change.after
    tree = compare_objects(before, after, schema, change.replace_paths)
    keyword = "data" if address.mode == "data" else "resource"
    header = f'{keyword} "{address.type}" "{address.name}"'
    body = write(replace(tree, forces=False), 0, Style(paint))
    body = body.removesuffix(" -> null") if not color else body.removesuffix(f" {paint('-> null', 'dark')}")
    return f"{_comment(change, now, paint)}{symbol(change.action, paint)} {header} {body}\n"


def _comment(change: Change, now: str, paint: Paint) -> str:
    start = paint(f"  # {harmless(change.name)}", "bold")
    match change.action:
        case Action.CREATE:
            return f"{start} will be created\n"
        case Action.READ:
            return f"{start} will be read during apply\n"
        case Action.UPDATE:
            return f"{start} will be updated in-place\n"
        case Action.DELETE:
            return f"{start} will be {paint('destroyed', 'bold', 'red')}\n{_removal_reason(change)}"
    replaced = paint("replaced", "bold", "red")
    if change.reason is Reason.TAINTED:
        return f"{start} is tainted, so must be {replaced}\n"
    if change.reason is Reason.EXPIRED:
        return f"{start} {_expiry(change.expired_at, now)}, so must be {replaced}\n"
    return f"{start} must be {replaced}\n"


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
    if change.deposed is not None:
        return "  # (left over from a partially-failed replacement of this instance)\n"
    key = change.address.key
    match change.reason:
        case Reason.NO_BLOCK:
            text = f"because {replace(change.address.resource, module='')} is not in configuration"
        case Reason.WRONG_REPETITION if key is None:
            text = "because resource uses count or for_each"
        case Reason.WRONG_REPETITION:
            text = f"because resource does not use {'count' if isinstance(key, int) else 'for_each'}"
        case Reason.COUNT_INDEX:
            text = f"because index {written_key(key)} is out of range for count"
        case Reason.EACH_KEY:
            text = f"because key {written_key(key)} is not in for_each map"
        case _:
            return ""
    return f"  # ({text})\n"


def _outputs(outputs: Iterable[OutputChange], paint: Paint) -> str:
    """Return a line for every output that changes, as wide as if all were there; nothing when none does."""
    ordered = sorted(outputs, key=lambda output: output.name)
    width = max((len(output.name) for output in ordered), default=0)
    lines = []
    for output in ordered:
        tree = compare_values(_secret(output.before, output), _secret(output.after, output))
        if Action.NO_OP not in (output.action, tree.action):
            lines.append(write_line(f"{output.name:<{width}} = ", tree, 0, Style(paint)))
    return "".join(lines)


def _secret(value: Value | None, output: OutputChange) -> Value | None:
    return mark(value, SENSITIVE_MARKS) if output.sensitive and value is not None else value


def next_step(saved: str | None, *, width: int | None = PLAIN_WIDTH) -> str:
    """Return what to say below a plan that is not applied at once; `saved` is the file that it went to."""
    if saved is None:
        note = (
            "Note: You didn't use the -out option to save this plan, so rtf can't guarantee to take exactly these "
            'actions if you run "rtf apply" now.'
        )
        return f"\n{RULE}\n\n{wrap(note, width)}\n"
    how = wrap("To perform exactly these actions, run the following command to apply:", width)
    return f'\n{RULE}\n\nSaved the plan to: {saved}\n\n{how}\n    rtf apply "{saved}"\n'

"""A plan as people read it: what will happen to each object, how many there are, and what outputs become.

What has changed outside comes first, as far as the plan has to do with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from engine.address import address_order
from engine.lang.values import SENSITIVE_MARKS, Path, Value, mark
from engine.plan.attributes import Attributes
from engine.plan.changes import Action, Change, OutputChange, Plan, count
from providers.schema import Schema
from rtf.views.changes import is_shown, render_change
from rtf.views.differences import compare_values
from rtf.views.notation import Style, column, symbol, write_line
from rtf.views.terminal import PLAIN_WIDTH, Paint, harmless, wrap

RULE: Final = "─" * 77

_LEGEND: Final = {
    Action.CREATE: "create",
    Action.UPDATE: "update in-place",
    Action.DELETE: "destroy",
    Action.DELETE_THEN_CREATE: "destroy and then create replacement",
    Action.CREATE_THEN_DELETE: "create replacement and then destroy",
    Action.READ: "read (data resources)",
}


def render_plan(
    plan: Plan,
    schemas: Mapping[str, Schema],
    *,
    color: bool,
    width: int | None = PLAIN_WIDTH,
    errored: bool = False,
) -> str:
    """Return what `plan` will do, ending with a newline. `schemas` are those of the resource types, by name.

    Sensitive values are not in it; the plan's notices come first. Paragraphs are broken at `width`, values never.
    `errored` says that planning ended with an error.
    """
    paint = Paint(color)
    changes = sorted(filter(is_shown, plan.changes), key=change_order)
    outputs = _outputs(plan.outputs, paint)
    drift = _relevant_drift(plan) if changes or outputs or plan.options.mode == "refresh-only" else []
    parts = [f"\n{wrap(harmless(notice), width)}\n" for notice in plan.notices]
    if drift:
        parts.append(_drift(drift, plan, schemas, paint, width))
    if not changes and not outputs:
        if not drift:
            parts.append(_no_changes(plan, paint, width, errored=errored))
        return "".join(parts)
    if drift:
        parts.append(f"\n{RULE}\n")
    if changes:
        parts.append(_introduction(changes, paint, width, errored=errored))
        parts.extend(render_change(change, schemas, color=color, now=plan.timestamp) + "\n" for change in changes)
        parts.append(f"{paint('Plan:', 'bold')} {_counted(changes)}\n")
    if outputs:
        parts.append(f"\n{paint('Changes to Outputs:', 'bold')}\n{outputs}")
        if all(change.action is Action.NO_OP for change in changes):
            parts.append("\n" + wrap(_ONLY_OUTPUTS, width) + "\n")
    return "".join(parts)


def change_order(change: Change) -> tuple[tuple[object, ...], str]:
    """Return what the changes of a plan are sorted by when they are shown: by address, old objects last."""
    return address_order(change.address), change.deposed or ""


def _counted(changes: Iterable[Change]) -> str:
    counts = count(changes)
    imported = f"{counts.imported} to import, " if counts.imported else ""
    return f"{imported}{counts.add} to add, {counts.change} to change, {counts.destroy} to destroy."


_ONLY_OUTPUTS: Final = (
    "You can apply this plan to save these new output values to the Terraform state, without changing any real "
    "infrastructure."
)


def _no_changes(plan: Plan, paint: Paint, width: int | None, *, errored: bool) -> str:
    head = paint("No changes.", "bold", "green")
    if errored:
        text = paint("rtf encountered an error while generating this plan.", "bold")
        return f"\n{paint('Planning failed.', 'bold', 'red')} {text}\n\n"
    if plan.destroy:
        title = "No objects need to be destroyed."
        text = (
            "Either you have not created any objects yet or the existing objects were already deleted outside of rtf."
        )
    elif plan.options.mode == "refresh-only":
        title = "Your infrastructure still matches the configuration."
        text = (
            "rtf has checked that the real remote objects still match the result of your most recent changes, and "
            "found no differences."
        )
    else:
        title = "Your infrastructure matches the configuration."
        text = (
            "rtf has compared your real infrastructure against your configuration and found no differences, so no "
            "changes are needed."
        )
    return f"\n{head} {paint(title, 'bold')}\n\n{wrap(text, width)}\n"


def _introduction(changes: Sequence[Change], paint: Paint, width: int | None, *, errored: bool) -> str:
    used = {change.action for change in changes}
    parts = []
    if used != {Action.NO_OP}:
        intro = wrap(
            "rtf used the selected providers to generate the following execution plan. Resource actions are indicated "
            "with the following symbols:",
            width,
        )
        legend = "".join(f"{symbol(action, paint)} {text}\n" for action, text in _LEGEND.items() if action in used)
        parts.append(f"\n{intro}\n{legend}")
    if errored:
        parts.append("\nrtf planned the following actions, but then encountered a problem:\n\n")
    else:
        parts.append("\nrtf will perform the following actions:\n\n")
    return "".join(parts)


def _relevant_drift(plan: Plan) -> list[Change]:
    """Return what has changed outside, as far as it may be the reason of something in the plan."""
    drift = sorted(plan.drift, key=change_order)
    if plan.options.mode == "refresh-only":
        return drift
    return [
        relevant
        for change in drift
        if change.action is not Action.NO_OP and (relevant := _relevant(change, plan)) is not None
    ]


def _relevant(change: Change, plan: Plan) -> Change | None:
    """Return a change outside with only those attributes different that expressions of the configuration refer to."""
    names = (str(change.address), str(change.address.resource))
    paths = [item.path for item in plan.relevant_attributes if item.resource in names]
    if not paths or change.before is None or change.after is None:
        return change if paths else None
    before, after = change.before, change.after
    irrelevant = {name for name in {**before, **after} if not _is_among(name, paths)}
    shown: Attributes = {name: value for name, value in after.items() if name not in irrelevant}
    shown |= {name: before[name] for name in irrelevant if name in before}
    differs = any(item.path[0] not in irrelevant for item in change.attributes)
    return replace(change, after=shown) if differs else None


def _is_among(name: str, paths: Iterable[Path]) -> bool:
    return any(not path or path[0] == name for path in paths)


def _drift(drift: Iterable[Change], plan: Plan, schemas: Mapping[str, Schema], paint: Paint, width: int | None) -> str:
    head = f"\n{paint('Note:', 'bold', 'cyan')} {paint('Objects have changed outside of rtf', 'bold')}\n\n"
    text = wrap(
        'rtf detected the following changes made outside of rtf since the last "rtf apply" which may have affected '
        "this plan:",
        width,
    )
    if plan.options.mode == "refresh-only":
        end = (
            "This is a refresh-only plan, so rtf will not take any actions to undo these. If you were expecting these "
            "changes then you can apply this plan to record the updated values in the rtf state without changing any "
            "remote objects."
        )
    else:
        end = (
            "Unless you have made equivalent changes to your configuration, or ignored the relevant attributes using "
            "ignore_changes, the following plan may include actions to undo or respond to these changes."
        )
    changes = (f"\n{render_change(change, schemas, color=paint.color, happened=True)}" for change in drift)
    return f"{head}{text}\n{''.join(changes)}\n\n{wrap(end, width)}\n"


def _outputs(outputs: Iterable[OutputChange], paint: Paint) -> str:
    """Return a line for every output that changes, as wide as if all were there; nothing when none does."""
    ordered = sorted(outputs, key=lambda output: output.name)
    width = column(output.name for output in ordered)
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

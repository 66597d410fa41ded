"""A tree of differences in Terraform's notation: `+ name = "a"`, `~ name = "a" -> "b"`, `- name = "a" -> null`.

Every function returns the text of a value as it stands after `name = `: its first line bare, further lines indented
to their depth. The depth counts steps of four columns.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from engine.lang import numbers
from engine.lang.convert import ConversionError
from engine.lang.json_values import from_json, read_json
from engine.lang.values import Null, Value
from engine.plan.changes import Action
from rtf.views.alignment import align
from rtf.views.differences import (
    Difference,
    Elements,
    Hidden,
    Leaf,
    Members,
    Pending,
    Retyped,
    WriteOnly,
    compare_values,
)
from rtf.views.terminal import Paint, harmless
from rtf.views.values import KNOWN_AFTER_APPLY, SENSITIVE_VALUE, quote

ALWAYS_SHOWN: Final = frozenset({"id", "name", "tags"})
"""Attributes that tell objects apart, shown even when they stay as they are."""

_SYMBOLS: Final[Mapping[Action, tuple[tuple[str, str], ...]]] = {
    Action.NO_OP: (("   ", ""),),
    Action.CREATE: (("  ", ""), ("+", "green")),
    Action.READ: ((" ", ""), ("<=", "cyan")),
    Action.UPDATE: (("  ", ""), ("~", "yellow")),
    Action.DELETE: (("  ", ""), ("-", "red")),
    Action.FORGET: ((" ", ""), (".", "red")),
    Action.DELETE_THEN_CREATE: (("-", "red"), ("/", ""), ("+", "green")),
    Action.CREATE_THEN_DELETE: (("+", "green"), ("/", ""), ("-", "red")),
}
_NAME = re.compile(r"[^\W\d][\w-]*")


@dataclass(frozen=True, slots=True)
class Style:
    """How differences are written."""

    paint: Paint
    symbols: bool = True  # a column for symbols of change before every line
    all: bool = False  # what stays as it is as well
    null_after: bool = True  # `-> null` after what is deleted


def state_style(paint: Paint) -> Style:
    """Return the style for objects as they are: everything shown, and no symbols."""
    return Style(paint, symbols=False, all=True, null_after=False)


def column(names: Iterable[str]) -> int:
    """Return the width of a column of names. Terraform counts bytes here, and pads characters."""
    return max((len(name.encode("utf-8", "surrogatepass")) for name in names), default=0)


def symbol(action: Action, paint: Paint) -> str:
    """Return the symbol of an action, three columns wide."""
    return "".join(paint(text, color) if color else text for text, color in _SYMBOLS[action])


def write(difference: Difference, depth: int, style: Style) -> str:
    """Return a value with what happens to it."""
    match difference:
        case Leaf():
            return _leaf(difference, depth, style)
        case Members():
            return _members(difference, depth, style)
        case Elements():
            return _elements(difference, depth, style)
        case Hidden():
            return f"{SENSITIVE_VALUE}{_null(difference, style)}{_forces(difference, style)}"
        case Pending(before=None):
            return f"{KNOWN_AFTER_APPLY}{_forces(difference, style)}"
        case Pending(before=Difference() as before):
            old = write(before, depth, replace(style, null_after=False))
            return f"{old} -> {KNOWN_AFTER_APPLY}{_forces(difference, style)}"
        case Retyped():
            bare = replace(style, null_after=False)
            old, new = write(difference.before, depth, bare), write(difference.after, depth, bare)
            return f"{old} {_arrow(style)} {new}{_forces(difference, style)}"
        case WriteOnly():
            return f"(write-only attribute){_null(difference, style)}{_forces(difference, style)}"
    raise TypeError(f"not a difference: {difference!r}")


def write_line(name: str, difference: Difference, depth: int, style: Style) -> str:
    """Return the lines of one attribute: warnings, symbol, `name = value`. `name` is padded and escaped already."""
    warnings = "".join(f"{'    ' * depth}  {line}\n" for line in _warnings(difference, style))
    return f"{warnings}{_margin(depth, difference.action, style)}{name}{write(difference, depth, style)}\n"


def _margin(depth: int, action: Action, style: Style) -> str:
    if not style.symbols:
        return "    " * depth
    return "    " * depth + symbol(action, style.paint) + " "


def _close(depth: int, style: Style) -> str:
    return _margin(depth, Action.NO_OP, style)


def _arrow(style: Style) -> str:
    return style.paint("->", "yellow")


def _null(difference: Difference, style: Style) -> str:
    if difference.action is not Action.DELETE or not style.null_after:
        return ""
    return f" {style.paint('-> null', 'dark')}"


def _forces(difference: Difference, style: Style) -> str:
    return f" {style.paint('# forces replacement', 'red')}" if difference.forces else ""


def hidden_note(count: int, what: str, style: Style) -> str:
    """Return `# (2 unchanged attributes hidden)`."""
    return style.paint(f"# ({count} unchanged {what}{'' if count == 1 else 's'} hidden)", "dark")


def _warnings(difference: Difference, style: Style) -> list[str]:
    """Return what to say before a value whose sensitivity changes."""
    if not isinstance(difference, Hidden) or difference.before_sensitive is difference.after_sensitive:
        return []
    if difference.action not in (Action.UPDATE, Action.NO_OP) or not style.symbols:
        return []
    head = style.paint("# Warning:", "yellow")
    if difference.before_sensitive:
        lines = [f"{head} this attribute value will no longer be marked as sensitive", "# after applying this change."]
    else:
        lines = [
            f"{head} this attribute value will be marked as sensitive and will not",
            "# display in UI output after applying this change.",
        ]
    if difference.inner.action is Action.NO_OP:
        lines[-1] += " The value is unchanged."
    return lines


def _members(difference: Members, depth: int, style: Style) -> str:
    """Write an object or a map. Objects of known shape show `-> null` inside, all others after their end."""
    if not difference.members:
        return f"{{}}{_null(difference, style)}{_forces(difference, style)}"
    inner = style if difference.nested else replace(style, null_after=False)
    names = {name: _member_name(name, difference.is_map) for name in sorted(difference.members)}
    aligned = not (difference.nested and difference.is_map)
    width = column(names.values()) if aligned else 0
    lines, unchanged = [], 0
    for name, written in names.items():
        member = difference.members[name]
        important = name in ALWAYS_SHOWN and not difference.is_map
        if member.action is Action.NO_OP and not (style.all or important):
            unchanged += 1
            continue
        shown = replace(inner, all=True) if important else inner
        lines.append(write_line(f"{written:<{width}} = ", member, depth + 1, shown))
    if unchanged:
        what = "element" if difference.is_map else "attribute"
        lines.append(f"{_close(depth + 1, style)}{hidden_note(unchanged, what, style)}\n")
    end = f"{_close(depth, style)}}}{_null(difference, style)}"
    return f"{{{_forces(difference, style)}\n{''.join(lines)}{end}"


def _member_name(name: str, is_map: bool) -> str:
    return name if not is_map and _NAME.fullmatch(name) else quote(name)


def _elements(difference: Elements, depth: int, style: Style) -> str:
    """Write a list or a set; what stays as it is is counted, except next to a change where that helps."""
    if not difference.elements:
        return f"[]{_null(difference, style)}{_forces(difference, style)}"
    bare = replace(style, null_after=False)
    lines: list[str] = []
    skipped: list[Difference] = []
    after_change = False

    def note(count: int) -> None:
        if count:
            lines.append(f"{_close(depth + 1, style)}{hidden_note(count, 'element', style)}\n")

    def show(element: Difference) -> None:
        shown = replace(bare, all=True) if element.action is Action.NO_OP else bare
        warnings = "".join(f"{'    ' * (depth + 1)}  {line}\n" for line in _warnings(element, shown))
        margin = _margin(depth + 1, element.action, shown)
        lines.append(f"{warnings}{margin}{write(element, depth + 1, shown)},\n")

    for element in difference.elements:
        changed = element.action is not Action.NO_OP
        if not (changed or style.all or after_change):
            skipped.append(element)
            continue
        if difference.context and skipped:
            note(len(skipped) - 1)
            show(skipped[-1])
            skipped.clear()
        show(element)
        after_change = difference.context and changed
    note(len(skipped))
    end = f"{_close(depth, style)}]{_null(difference, style)}"
    return f"[{_forces(difference, style)}\n{''.join(lines)}{end}"


def _leaf(difference: Leaf, depth: int, style: Style) -> str:
    before, after = difference.before, difference.after
    if isinstance(before, str) or isinstance(after, str):
        return _string(difference, depth, style)
    if difference.action is Action.UPDATE:
        return f"{_atom(before)} {_arrow(style)} {_atom(after)}{_forces(difference, style)}"
    value = before if after is None else after
    gone = "" if value.__class__ is Null else _null(difference, style)
    return f"{_atom(value)}{gone}{_forces(difference, style)}"


def _atom(value: Value | None) -> str:
    if value is None or value.__class__ is Null:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return quote(value) if isinstance(value, str) else numbers.text(value)


def _string(difference: Leaf, depth: int, style: Style) -> str:
    before, after = difference.before, difference.after
    old, new = _decoded(before), _decoded(after)
    if difference.action is Action.UPDATE and before is not None and after is not None:
        if old is not None and new is not None:
            return _json(difference, old, new, depth, style)
        if old is not None or new is not None:
            gone, made = Leaf(Action.DELETE, False, before, None), Leaf(Action.CREATE, False, None, after)
            return write(Retyped(Action.UPDATE, difference.forces, gone, made), depth, style)
        if "\n" in before or "\n" in after:
            return _heredoc(_changed_lines(before, after), difference, depth, style)
        return f"{quote(before)} {_arrow(style)} {quote(after)}{_forces(difference, style)}"
    decoded = old if new is None else new
    if decoded is not None:
        return _json(difference, old, new, depth, style)
    text = before if after is None else after
    if text is None or "\n" not in text:
        return f"{_atom(text)}{_null(difference, style)}{_forces(difference, style)}"
    lines = [(Action.NO_OP, line) for line in text.strip().split("\n")]
    return _heredoc(lines, difference, depth, style)


def _decoded(text: Value | None) -> Value | None:
    """Return what a string holds when that is a JSON object or list."""
    if not isinstance(text, str) or text[:1] not in ("{", "["):
        return None
    try:
        return from_json(read_json(text))
    except (ValueError, ConversionError):
        return None


def _json(difference: Leaf, old: Value | None, new: Value | None, depth: int, style: Style) -> str:
    """Write a string that holds JSON as the call of `jsonencode` that makes it."""
    inner = compare_values(old, new)
    shown = replace(style, null_after=False)
    note, forces = "", _forces(difference, style)
    if inner.action is Action.NO_OP and difference.action is Action.UPDATE:
        note = " # whitespace changes force replacement" if difference.forces else " # whitespace changes"
        forces, shown = "", replace(shown, all=True)
    text = write(inner, depth + 1, shown)
    if "\n" not in text:
        return f"jsonencode({text}){note}{_null(difference, style)}{forces}"
    action = Action.UPDATE if difference.action is Action.UPDATE and not note else Action.NO_OP
    start = _margin(depth + 1, action, style)
    return f"jsonencode({note}\n{start}{text}{forces}\n{_close(depth, style)}){_null(difference, style)}"


def _changed_lines(before: str, after: str) -> list[tuple[Action, str]]:
    old, new = before.strip().split("\n"), after.strip().split("\n")
    lines: list[tuple[Action, str]] = []
    for i, j in align(old, new, str.__eq__, lambda line: False):
        if i is not None and j is not None and old[i] == new[j]:
            lines.append((Action.NO_OP, old[i]))
            continue
        if i is not None:
            lines.append((Action.DELETE, old[i]))
        if j is not None:
            lines.append((Action.CREATE, new[j]))
    return lines


def _heredoc(lines: list[tuple[Action, str]], difference: Leaf, depth: int, style: Style) -> str:
    body = "".join(f"{_margin(depth + 1, action, style)}{harmless(line)}\n" for action, line in lines)
    end = f"{_close(depth, style)}EOT{_null(difference, style)}"
    return f"<<-EOT{_forces(difference, style)}\n{body}{end}"

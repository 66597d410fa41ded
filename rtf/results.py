"""What the Python interface gives: plain, frozen data about problems, plans, applies and states.

Values are in clear here, sensitive ones too, because a program asked for them; `repr` shows none, and `sensitive` tells
which they are. How results come about stays out (see `rtf.api`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from engine import diagnostics as engine
from engine.address import InstanceAddress
from engine.lang.values import SENSITIVE, Path, Value, marked_paths
from engine.plan import changes as planned
from engine.plan.attributes import Attributes, to_plain
from engine.plan.objects import Recorded
from rtf.views.diagnostics import format_diagnostic

ActionName = Literal["no-op", "create", "read", "update", "delete", "delete/create", "create/delete", "forget"]
"""What happens to an object or an output; `delete/create` and `create/delete` replace it, in that order."""

Plain = dict[str, Any]
"""Values by name: str, bool, int, float, None, lists and dicts of such, and `rtf.UNKNOWN`."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. `str` gives it as the command line shows it; no text of it holds a secret.

    `file`, `line` and `column` (from 1) are there when the problem has a place in the configuration, `address` when a
    resource instance is at fault and no text is.
    """

    severity: Literal["error", "warning"]
    summary: str
    detail: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    address: str | None = None
    text: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class ResourceName:
    """The parts of the address of a resource instance."""

    address: str  # all of it: module.m["eu"].openai_realtime_call.support[0]
    module: str  # the address of the module instance; empty in the root module
    mode: str  # managed or data
    type: str
    name: str
    key: int | str | None  # set by count or for_each


@dataclass(frozen=True, slots=True)
class Change:
    """What is planned for one object, or, in a plan's `drift`, what became of it outside.

    `before` is what is recorded, `after` what is planned; None where there is no object. `replace_paths` are the places
    that force a replacement, `sensitive_before` and `sensitive_after` those of sensitive values, outermost only.
    """

    resource: ResourceName
    action: ActionName
    reason: str | None  # in Terraform's words, such as replace_because_tainted
    before: Plain | None = field(repr=False)
    after: Plain | None = field(repr=False)
    sensitive_before: tuple[Path, ...]
    sensitive_after: tuple[Path, ...]
    replace_paths: tuple[Path, ...]
    deposed: str | None  # the key of an old object that its replacement outlived
    previous_address: str | None  # where it is recorded, when it has moved
    importing: str | None  # the id of the real object that is taken over

    @property
    def address(self) -> str:
        """The address of the resource instance."""
        return self.resource.address

    @property
    def replaces(self) -> bool:
        """Whether the object is replaced by a new one."""
        return "/" in self.action


@dataclass(frozen=True, slots=True)
class OutputChange:
    """What is planned for one output of the root module."""

    name: str
    action: ActionName
    before: Any = field(repr=False)
    after: Any = field(repr=False)
    sensitive: bool


@dataclass(frozen=True, slots=True)
class Output:
    """One recorded output of the root module."""

    value: Any = field(repr=False)
    sensitive: bool


@dataclass(frozen=True, slots=True)
class Object:
    """One recorded object. `sensitive` are the places of sensitive values in `attributes`, outermost only."""

    resource: ResourceName
    attributes: Plain = field(repr=False)
    sensitive: tuple[Path, ...]
    dependencies: tuple[str, ...]
    tainted: bool
    deposed: str | None  # the key of an old object that its replacement outlived

    @property
    def address(self) -> str:
        """The address of the resource instance."""
        return self.resource.address


@dataclass(frozen=True, slots=True)
class State:
    """What a state records. Without a state there are no objects, the lineage is empty and the serial 0."""

    lineage: str
    serial: int
    objects: tuple[Object, ...]
    outputs: dict[str, Output]
    warnings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply did. `failed` and `skipped` are the objects whose turn it was: only in an error's `applied`."""

    added: int
    changed: int
    destroyed: int
    imported: int
    outputs: dict[str, Output]
    failed: tuple[str, ...]
    skipped: tuple[str, ...]
    warnings: tuple[Diagnostic, ...]


class Error(Exception):
    """Raised by everything in `rtf` that cannot do what it was asked; `str` gives it as the command line shows it.

    `diagnostics` are all problems of the run, warnings too. `applied` says what an apply had done when it failed; None
    when it was not begun, or its outcome could not be stored.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], applied: Applied | None = None) -> None:
        self.diagnostics = tuple(diagnostics)
        self.applied = applied
        super().__init__("\n\n".join(item.text for item in self.errors))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Those of `diagnostics` that are errors."""
        return tuple(item for item in self.diagnostics if item.severity == "error")


# ---------------------------------------------------------------- from the engine's types


def diagnostics_of(found: engine.Diagnostics) -> tuple[Diagnostic, ...]:
    """Return what was collected, without the secrets of the run."""
    return tuple(_diagnostic(item, found) for item in found)


def _diagnostic(item: engine.Diagnostic, found: engine.Diagnostics) -> Diagnostic:
    hide = found.secrets.hide
    place = item.subject.file.position(item.subject.start) if item.subject else None
    return Diagnostic(
        "error" if item.severity is engine.Severity.ERROR else "warning",
        hide(item.summary),
        hide(item.detail),
        item.subject.file.name if item.subject else None,
        place.line if place else None,
        place.column if place else None,
        item.address,
        format_diagnostic(item, color=False, hide=hide, width=None).strip("\n"),
    )


def change_of(change: planned.Change) -> Change:
    """Return a planned change as plain data."""
    return Change(
        _name(change.address),
        change.action.value,
        change.reason.value if change.reason else None,
        to_value(change.before),
        to_value(change.after),
        _sensitive(change.before or {}),
        _sensitive(change.after or {}),
        change.replace_paths,
        change.deposed,
        str(change.previous_address) if change.previous_address else None,
        change.importing,
    )


def output_change_of(change: planned.OutputChange) -> OutputChange:
    """Return a planned change of an output as plain data."""
    return OutputChange(
        change.name, change.action.value, to_value(change.before), to_value(change.after), change.sensitive
    )


def outputs_of(recorded: Mapping[str, planned.OutputChange]) -> dict[str, Output]:
    """Return recorded outputs, each given as if it were to be deleted."""
    return {name: Output(to_value(change.before), change.sensitive) for name, change in sorted(recorded.items())}


def objects_of(recorded: Sequence[Recorded]) -> tuple[Object, ...]:
    """Return recorded objects as plain data."""
    return tuple(
        Object(
            _name(item.address),
            to_plain(item.attributes),
            _sensitive(item.attributes),
            item.dependencies,
            item.tainted,
            item.deposed,
        )
        for item in recorded
    )


def to_value(value: Value | None) -> Any:
    """Return a value as plain data; None when there is none."""
    return None if value is None else to_plain(value)


def _name(address: InstanceAddress) -> ResourceName:
    resource = address.resource
    return ResourceName(str(address), resource.module, resource.mode, resource.type, resource.name, address.key)


def _sensitive(attributes: Attributes) -> tuple[Path, ...]:
    return tuple(marked_paths(attributes, SENSITIVE))

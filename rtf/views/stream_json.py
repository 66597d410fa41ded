"""A run as it goes, for machines: one JSON object to a line, in the form of Terraform's `-json` (ui 1.2).

What is sensitive is left out, by mark and by value.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from engine.address import InstanceAddress
from engine.diagnostics import Diagnostic, Diagnostics, Severity
from engine.events import (
    Event,
    OperationFailed,
    OperationFinished,
    OperationProgress,
    OperationStarted,
    ProvisionFinished,
    ProvisionOutput,
    ProvisionStarted,
    RefreshFinished,
    RefreshStarted,
    Verb,
)
from engine.lang.types import to_notation
from engine.lang.values import type_of
from engine.plan.changes import Action, Change, Counts, OutputChange, Plan, Reason
from rtf.views.diagnostics_json import diagnostic_json
from rtf.views.json_text import value_json
from rtf.views.outputs import ShownOutput
from rtf.views.progress import BEGINNING, STILL, duration

UI_VERSION: Final = "1.2"

_ACTIONS: Final[dict[Action, str]] = {
    Action.NO_OP: "noop",
    Action.CREATE: "create",
    Action.READ: "read",
    Action.UPDATE: "update",
    Action.DELETE: "delete",
    Action.DELETE_THEN_CREATE: "replace",
    Action.CREATE_THEN_DELETE: "replace",
    Action.FORGET: "remove",
}
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warn"}
_BEGUN: Final[dict[Verb, str]] = {**BEGINNING, "read": "Refreshing..."}
_DONE: Final[dict[Verb, str]] = {
    "create": "Creation",
    "update": "Modifications",
    "delete": "Destruction",
    "read": "Refresh",
}

Tree = dict[str, Any]


class Stream:
    """Writes the messages of one run to `stream`. `hide` takes secrets out of texts."""

    def __init__(self, stream: TextIO, terraform_version: str) -> None:
        self._stream = stream
        self._hide: Callable[[str], str] = lambda text: text
        self.say("version", f"rtf, as Terraform {terraform_version}", terraform=terraform_version, ui=UI_VERSION)

    def hide_with(self, hide: Callable[[str], str]) -> None:
        """Take secrets out of what follows."""
        self._hide = hide

    def say(self, type: str, text: str, level: str = "info", **fields: Any) -> None:
        """Write one message."""
        message: Tree = {
            "@level": level,
            "@message": self._hide(text),
            "@module": "terraform.ui",
            "@timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "type": type,
            **fields,
        }
        self._stream.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._stream.flush()

    def diagnostics(self, found: Diagnostics) -> None:
        """Tell what a run found."""
        for item in found:
            self._diagnostic(item, found)

    def _diagnostic(self, item: Diagnostic, found: Diagnostics) -> None:
        title = "Error" if item.severity is Severity.ERROR else "Warning"
        tree = diagnostic_json(item, found.secrets)
        self.say("diagnostic", f"{title}: {item.summary}", _LEVELS[item.severity], diagnostic=tree)

    def plan(self, plan: Plan, counts: Counts) -> None:
        """Tell what a plan will do."""
        for change in plan.drift:
            if plan.options.mode == "refresh-only" or change.action is not Action.NO_OP:
                tree = change_json(change, _drift_action(change))
                text = f"{change.address}: Drift detected ({tree['action']})"
                self.say("resource_drift", text, change=tree)
        self.planned(plan.changes)
        self.summary(counts, "plan")
        if plan.outputs:
            listed = {item.name: _planned_output(item) for item in plan.outputs}
            self.say("outputs", f"Outputs: {len(listed)}", outputs=listed)

    def planned(self, changes: Iterable[Change]) -> None:
        """Tell what will happen to each object that something happens to."""
        for change in changes:
            moved, imported = change.previous_address is not None, change.importing is not None
            if change.action is Action.NO_OP and not moved and not imported:
                continue
            action = _ACTIONS[change.action]
            if change.action is Action.NO_OP:
                action = "import" if imported else "move"
            tree = change_json(change, action)
            self.say("planned_change", f"{change.address}: Plan to {action}", change=tree)

    def summary(self, counts: Counts, operation: str) -> None:
        """Tell how many objects are concerned; `operation` is plan, apply or destroy."""
        imported = f"{counts.imported} to import, " if counts.imported else ""
        text = f"Plan: {imported}{counts.add} to add, {counts.change} to change, {counts.destroy} to destroy."
        if operation == "apply":
            imported = f"{counts.imported} imported, " if counts.imported else ""
            done = f"{imported}{counts.add} added, {counts.change} changed, {counts.destroy} destroyed"
            text = f"Apply complete! Resources: {done}."
        elif operation == "destroy":
            text = f"Destroy complete! Resources: {counts.destroy} destroyed."
        changes = {
            "add": counts.add,
            "change": counts.change,
            "import": counts.imported,
            "remove": counts.destroy,
            "operation": operation,
        }
        self.say("change_summary", text, changes=changes)

    def outputs(self, outputs: Mapping[str, ShownOutput]) -> None:
        """Tell the outputs after an apply."""
        listed = {name: _output(outputs[name]) for name in sorted(outputs)}
        self.say("outputs", f"Outputs: {len(listed)}", outputs=listed)

    def tell(self, event: Event) -> None:
        """Tell what happens to one object."""
        resource = resource_json(event.address)
        match event:
            case OperationStarted(_, verb, identity):
                text = f"{event.address}: {_BEGUN[verb]}"
                known = identity if verb != "create" else None
                self._hook("apply_start", text + _bracketed(known), resource, known, action=verb)
            case OperationProgress(_, verb, elapsed):
                text = f"{event.address}: {STILL[verb]} [{duration(elapsed)} elapsed]"
                self._hook("apply_progress", text, resource, None, action=verb, elapsed_seconds=round(elapsed))
            case OperationFinished(_, verb, elapsed, identity):
                text = f"{event.address}: {_DONE[verb]} complete after {duration(elapsed)}"
                known = identity if verb != "delete" else None
                told = text + _bracketed(known)
                self._hook("apply_complete", told, resource, known, action=verb, elapsed_seconds=round(elapsed))
            case OperationFailed(_, verb, elapsed):
                text = f"{event.address}: {_DONE[verb]} errored after {duration(elapsed)}"
                self._hook("apply_errored", text, resource, None, action=verb, elapsed_seconds=round(elapsed))
            case RefreshStarted(address, identity):
                text = f"{address}: Refreshing state...{_bracketed(identity)}"
                self._hook("refresh_start", text, resource, identity)
            case RefreshFinished(address, identity):
                self._hook("refresh_complete", f"{address}: Refresh complete{_bracketed(identity)}", resource, identity)
            case ProvisionStarted(address, type):
                text = f"{address}: Provisioning with '{type}'..."
                self._hook("provision_start", text, resource, None, provisioner=type)
            case ProvisionOutput(address, type, line):
                shown = self._hide(line)
                text = f"{address}: ({type}): {shown}"
                self._hook("provision_progress", text, resource, None, provisioner=type, output=shown)
            case ProvisionFinished(address, type, failed):
                what = ("provision_errored", "errored") if failed else ("provision_complete", "complete")
                self._hook(what[0], f"{address}: ({type}) Provisioning {what[1]}", resource, None, provisioner=type)

    def _hook(self, type: str, text: str, resource: Tree, identity: tuple[str, str] | None, **fields: Any) -> None:
        hook: Tree = {"resource": resource, **fields}
        if identity is not None:
            hook |= {"id_key": identity[0], "id_value": self._hide(identity[1])}
        self.say(type, text, hook=hook)


def _bracketed(identity: tuple[str, str] | None) -> str:
    return "" if identity is None else f" [{identity[0]}={identity[1]}]"


def resource_json(address: InstanceAddress) -> Tree:
    """Return the names of an instance."""
    resource = address.resource
    inside = str(address).removeprefix(f"{resource.module}.") if resource.module else str(address)
    return {
        "addr": str(address),
        "module": resource.module,
        "resource": inside,
        "implied_provider": resource.type.partition("_")[0],
        "resource_type": resource.type,
        "resource_name": resource.name,
        "resource_key": address.key,
    }


def change_json(change: Change, action: str) -> Tree:
    """Return what happens to one object, with the reason why."""
    tree: Tree = {"resource": resource_json(change.address), "action": action}
    if change.previous_address is not None:
        tree["previous_resource"] = resource_json(change.previous_address)
    if change.reason is not None:
        tree["reason"] = _reason(change.reason)
    if change.importing is not None:
        tree["importing"] = {"id": change.importing}
    return tree


def _reason(reason: Reason) -> str:
    text = reason.value
    return text.removeprefix("replace_because_") if text.startswith("replace_because_") else _REASONS.get(text, text)


_REASONS: Final = {"replace_by_request": "requested", "replace_by_triggers": "replace_triggered_by"}


def _drift_action(change: Change) -> str:
    return "move" if change.action is Action.NO_OP else _ACTIONS[change.action]


def _planned_output(output: OutputChange) -> Tree:
    return {"action": _ACTIONS[output.action], "sensitive": output.sensitive}


def _output(output: ShownOutput) -> Tree:
    tree: Tree = {"sensitive": output.sensitive, "type": to_notation(type_of(output.value))}
    if not output.sensitive:
        tree["value"] = value_json(output.value)
    return tree

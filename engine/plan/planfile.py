"""Saved plans: everything that a later apply needs, in one file that only its owner can read.

A zip archive of `plan.json` and the configuration as it was planned, under `config/`. Whoever holds the file holds
the secrets in it.
"""

import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from engine.address import InstanceAddress, parse_resource_instance, parse_target
from engine.diagnostics import DiagnosticError, SourceFile, error
from engine.lang.serialize import dump, load
from engine.lang.values import EPHEMERAL, has_mark
from engine.plan.attributes import Attributes
from engine.plan.changes import Action, AttributeChange, Change, OutputChange, Plan, Reason
from engine.plan.checks import check_records, recorded_checks
from engine.plan.options import Mode, PlanOptions
from state.codec import decode as decode_state
from state.codec import encode as encode_state
from state.errors import StateError
from state.snapshot import Snapshot

FORMAT = "rtf-plan-1"
MAXIMUM_SIZE = 1 << 30

# What `zipfile`, `json` and the reading of their data raise for a file that is something else, or was tampered with.
_MALFORMED = (
    zipfile.BadZipFile,
    zlib.error,
    StateError,
    EOFError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,  # an encrypted member; also NotImplementedError and RecursionError
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan with the configuration it was made from."""

    plan: Plan
    root: str  # the root module, relative to the working directory
    sources: dict[str, tuple[SourceFile, ...]]  # by folder, relative to the root module's
    prior: Snapshot  # the state it was made for


def write_plan_file(path: Path, saved: SavedPlan) -> None:
    """Write a saved plan, readable for its owner only. Raises DiagnosticError."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("tfstate", encode_state(saved.plan.prior))
        archive.writestr("tfstate-prev", encode_state(saved.prior))
        archive.writestr("plan.json", json.dumps(_encode(saved)))
        for number, source in enumerate(_files(saved)):
            archive.writestr(f"config/{number}", source.text.encode("utf-8", "surrogatepass"))
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(buffer.getvalue())
        temporary.replace(path)
    except OSError as problem:
        with suppress(OSError):
            temporary.unlink()
        detail = f'The plan could not be written to "{path}": {problem.strerror or problem}.'
        raise error("Failed to write plan file", detail) from None


def is_plan_file(path: Path) -> bool:
    """Return whether a file looks like a saved plan."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def read_plan_file(path: Path) -> SavedPlan:
    """Return the plan saved at `path`. Raises DiagnosticError when it is none."""
    summary = f'Failed to load "{path}" as a plan file'
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAXIMUM_SIZE:
                raise error(summary, f'"{path}" is too large to be a plan.')
            data = json.loads(archive.read("plan.json"))
            texts = {name: archive.read(name).decode("utf-8", "surrogatepass") for name in archive.namelist()}
            prior = decode_state(archive.read("tfstate"), "the plan's prior state")
            stored = decode_state(archive.read("tfstate-prev"), "the state that the plan was made for")
        return _decode(data, texts, prior, stored)
    except OSError as problem:
        raise error(summary, f'"{path}" could not be read: {problem.strerror or problem}.') from None
    except DiagnosticError:
        raise
    except _MALFORMED:
        detail = f'"{path}" is not a plan that this version of rtf has saved. Make a new one with rtf plan -out.'
        raise error(summary, detail) from None


def _files(saved: SavedPlan) -> Iterator[SourceFile]:
    for files in saved.sources.values():
        yield from files


def _encode(saved: SavedPlan) -> dict[str, Any]:
    plan = saved.plan
    return {
        "format": FORMAT,
        "root": saved.root,
        "sources": [[directory, source.name] for directory, files in saved.sources.items() for source in files],
        "lineage": plan.lineage,
        "serial": plan.serial,
        "options": _encode_options(plan.options),
        "complete": plan.complete,
        "errored": plan.errored,
        "checks": check_records(plan.checks),
        "timestamp": plan.timestamp,
        "notices": list(plan.notices),
        "given": {name: dump(value) for name, value in plan.given.items()},
        "variables": {name: dump(value) for name, value in plan.variables.items() if not has_mark(value, EPHEMERAL)},
        "changes": [_encode_change(change) for change in plan.changes],
        "drift": [_encode_change(change) for change in plan.drift],
        "outputs": [
            {
                "name": output.name,
                "action": output.action.value,
                "before": None if output.before is None else dump(output.before),
                "after": None if output.after is None else dump(output.after),
                "sensitive": output.sensitive,
            }
            for output in plan.outputs
        ],
    }


def _encode_options(options: PlanOptions) -> dict[str, Any]:
    return {
        "mode": options.mode,
        "refresh": options.refresh,
        "targets": [str(target) for target in options.targets],
        "excluded": [str(target) for target in options.excluded],
        "replace": [str(address) for address in options.replace],
    }


def _decode_options(data: dict[str, Any]) -> PlanOptions:
    if data["mode"] not in get_args(Mode):
        raise ValueError(data["mode"])
    return PlanOptions(
        data["mode"],
        bool(data["refresh"]),
        tuple(parse_target(str(text)) for text in data["targets"]),
        tuple(parse_target(str(text)) for text in data["excluded"]),
        tuple(parse_resource_instance(str(text)) for text in data["replace"]),
    )


def _encode_change(change: Change) -> dict[str, Any]:
    return {
        "address": str(change.address),
        "action": change.action.value,
        "provider": change.provider,
        "before": _encode_attributes(change.before),
        "after": _encode_attributes(change.after),
        "reason": change.reason.value if change.reason else None,
        "attributes": [
            [list(item.path), *(None if side is None else dump(side) for side in (item.before, item.after))]
            for item in change.attributes
        ],
        "replace_paths": [list(path) for path in change.replace_paths],
        "dependencies": list(change.dependencies),
        "deposed": change.deposed,
        "expired_at": change.expired_at,
        "previous_address": None if change.previous_address is None else str(change.previous_address),
        "importing": change.importing,
    }


def _encode_attributes(attributes: Attributes | None) -> dict[str, Any] | None:
    return None if attributes is None else {name: dump(value) for name, value in attributes.items()}


def _decode(data: dict[str, Any], texts: dict[str, str], prior: Snapshot, stored: Snapshot) -> SavedPlan:
    if data["format"] != FORMAT:
        raise ValueError(data["format"])
    plan = Plan(
        lineage=str(data["lineage"]),
        serial=int(data["serial"]),
        changes=tuple(_decode_change(change) for change in data["changes"]),
        outputs=tuple(
            OutputChange(
                output["name"],
                Action(output["action"]),
                None if output["before"] is None else load(output["before"]),
                None if output["after"] is None else load(output["after"]),
                bool(output["sensitive"]),
            )
            for output in data["outputs"]
        ),
        variables={name: load(value) for name, value in data["variables"].items()},
        given={name: load(value) for name, value in data["given"].items()},
        options=_decode_options(data["options"]),
        complete=bool(data["complete"]),
        errored=bool(data["errored"]),
        drift=tuple(_decode_change(change) for change in data["drift"]),
        checks=recorded_checks(data["checks"]),
        prior=prior,
        timestamp=str(data["timestamp"]),
        notices=tuple(map(str, data["notices"])),
    )
    sources: dict[str, tuple[SourceFile, ...]] = {}
    for number, (directory, name) in enumerate(data["sources"]):
        file = SourceFile(str(name), texts[f"config/{number}"])
        sources[str(directory)] = (*sources.get(str(directory), ()), file)
    if "." not in sources:
        raise ValueError("no configuration")
    return SavedPlan(plan, str(data["root"]), sources, stored)


def _decode_change(data: dict[str, Any]) -> Change:
    change = Change(_instance(data["address"]), Action(data["action"]), str(data["provider"]))
    return replace(
        change,
        before=_decode_attributes(data["before"]),
        after=_decode_attributes(data["after"]),
        reason=Reason(data["reason"]) if data["reason"] else None,
        attributes=tuple(
            AttributeChange(tuple(path), *(None if side is None else load(side) for side in sides))
            for path, *sides in data["attributes"]
        ),
        replace_paths=tuple(tuple(path) for path in data["replace_paths"]),
        dependencies=tuple(data["dependencies"]),
        deposed=data["deposed"],
        expired_at=data["expired_at"],
        previous_address=None if data["previous_address"] is None else _instance(data["previous_address"]),
        importing=data["importing"],
    )


def _instance(text: object) -> InstanceAddress:
    return parse_resource_instance(str(text))


def _decode_attributes(data: dict[str, Any] | None) -> Attributes | None:
    return None if data is None else {name: load(value) for name, value in data.items()}

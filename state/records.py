"""What a journal tells: the records of a run and their text.

    header   once, first: the snapshot that the run began with
    intent   an operation is about to have effects outside
    result   what is now known to exist and not to exist; closes an intent when it carries its id
    output   an output value was set, or removed
    checks   the results of checks were replaced
    commit   the file with this digest is about to become the state

A line is the CRC-32 of a record in hex, a space, the record as compact JSON, a line feed. Files stay out.
"""

import time
import zlib
from dataclasses import dataclass, field

from state.codec import (
    Malformed,
    decode_header,
    decode_instance,
    decode_output,
    encode_header,
    encode_instance,
    encode_output,
)
from state.jsontext import Json, parse, render_compact
from state.lock_info import timestamp
from state.snapshot import Instance, InstanceKey, Output, ResourceHeader, Snapshot

FORMAT = 1


def now() -> str:
    """Return the time as records carry it."""
    return timestamp(time.time_ns())


@dataclass(frozen=True, slots=True)
class Header:
    """The snapshot that a run began with, and the run."""

    lineage: str
    serial: int
    run: str
    time: str = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class Intent:
    """An operation is about to begin. `id` is the journal's own; `object` is what helps to find the outcome."""

    id: str
    address: str
    action: str
    object: Json = None
    time: str = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class InstanceChange:
    """One object is now `instance`, or is gone when that is None."""

    resource: ResourceHeader
    index_key: InstanceKey = None
    deposed: str | None = None
    instance: Instance | None = None

    @classmethod
    def put(cls, resource: ResourceHeader, instance: Instance) -> "InstanceChange":
        """Return the change that files an object under its own keys."""
        return cls(resource, instance.index_key, instance.deposed, instance)

    def apply(self, snapshot: Snapshot) -> None:
        """Bring `snapshot` up to date."""
        if self.instance is None:
            snapshot.drop(self.resource.address, self.index_key, self.deposed)
        else:
            snapshot.put(self.resource, self.instance)


@dataclass(frozen=True, slots=True)
class Result:
    """An operation ended. No changes say that it changed nothing; no id, that it had no intent."""

    id: str | None
    changes: tuple[InstanceChange, ...] = ()


@dataclass(frozen=True, slots=True)
class OutputChange:
    """A root output is now `output`, or is gone when that is None."""

    name: str
    output: Output | None


@dataclass(frozen=True, slots=True)
class ChecksChange:
    """The check results are now these."""

    check_results: Json


@dataclass(frozen=True, slots=True)
class Commit:
    """The whole outcome is about to be written as a file of this SHA-256."""

    serial: int
    sha256: str


Record = Header | Intent | Result | OutputChange | ChecksChange | Commit


def changes_between(before: Snapshot, after: Snapshot) -> list[Record]:
    """Return the records that turn `before` into `after`: what a refresh or a move did before the first operation."""
    changes: list[InstanceChange] = []
    for address, resource in before.resources.items():
        kept = after.resources[address].instances if address in after.resources else {}
        header = resource.header
        changes += [InstanceChange(header, *key) for key in resource.instances if key not in kept]
    for address, resource in after.resources.items():
        earlier = before.resources.get(address)
        known = earlier.instances if earlier is not None and earlier.header == resource.header else {}
        header = resource.header
        changes += [
            InstanceChange.put(header, instance)
            for key, instance in resource.instances.items()
            if known.get(key) is not instance
        ]
    records: list[Record] = [Result(None, tuple(changes))] if changes else []
    records += [OutputChange(name, None) for name in before.outputs if name not in after.outputs]
    records += [
        OutputChange(name, output) for name, output in after.outputs.items() if before.outputs.get(name) is not output
    ]
    if before.check_results is not after.check_results:
        records.append(ChecksChange(after.check_results))
    return records


def encode_record(record: Record) -> bytes:
    """Return the line of a record. Raises ValueError or TypeError when it holds what JSON cannot say."""
    text = render_compact(_tree(record))
    return b"%08x %b\n" % (zlib.crc32(text), text)


def decode_record(line: bytes) -> Record | None:
    """Return the record in a line without its line feed, or None when the line is damaged.

    Raises Malformed when the line is intact but nothing that we write.
    """
    text = line[9:]
    if line[8:9] != b" " or line[:8] != b"%08x" % zlib.crc32(text):
        return None
    try:
        tree = parse(text)
    except ValueError as error:
        raise Malformed(f"it is not JSON ({error})") from None
    if not isinstance(tree, dict):
        raise Malformed("it is no JSON object")
    try:
        return _record(tree)
    except KeyError as error:
        raise Malformed(f'it lacks "{error.args[0]}"') from None


def _tree(record: Record) -> Json:
    match record:
        case Header():
            return {
                "kind": "header",
                "version": FORMAT,
                "lineage": record.lineage,
                "serial": record.serial,
                "run": record.run,
                "time": record.time,
            }
        case Intent():
            tree: dict[str, Json] = {
                "kind": "intent",
                "id": record.id,
                "address": record.address,
                "action": record.action,
                "time": record.time,
            }
            return tree if record.object is None else {**tree, "object": record.object}
        case Result():
            changes: list[Json] = [_change_tree(change) for change in record.changes]
            return {"kind": "result", "id": record.id, "changes": changes}
        case OutputChange():
            output = None if record.output is None else encode_output(record.output)
            return {"kind": "output", "name": record.name, "output": output}
        case ChecksChange():
            return {"kind": "checks", "check_results": record.check_results}
        case Commit():
            return {"kind": "commit", "serial": record.serial, "sha256": record.sha256}


def _change_tree(change: InstanceChange) -> Json:
    tree = encode_header(change.resource)
    if change.instance is not None:
        return {**tree, "instance": encode_instance(change.instance)}
    if change.index_key is not None:
        tree["index_key"] = change.index_key
    if change.deposed is not None:
        tree["deposed"] = change.deposed
    return {**tree, "instance": None}


def _record(tree: dict[str, Json]) -> Record:
    match tree["kind"]:
        case "header":
            return _header(tree)
        case "intent":
            return Intent(
                _text(tree, "id"),
                _text(tree, "address"),
                _text(tree, "action"),
                tree.get("object"),
                _text(tree, "time"),
            )
        case "result":
            return Result(None if tree["id"] is None else _text(tree, "id"), _changes(tree["changes"]))
        case "output":
            output = tree["output"]
            return OutputChange(_text(tree, "name"), None if output is None else decode_output(output, "the output"))
        case "checks":
            return ChecksChange(tree["check_results"])
        case "commit":
            return Commit(_whole(tree, "serial"), _text(tree, "sha256"))
        case other:
            raise Malformed(f"it is of the unknown kind {other!r}")


def _header(tree: dict[str, Json]) -> Header:
    version = _whole(tree, "version")
    if version != FORMAT:
        raise Malformed(f"its format is {version}, which this rtf does not read; use the rtf that wrote it")
    return Header(_text(tree, "lineage"), _whole(tree, "serial"), _text(tree, "run"), _text(tree, "time"))


def _changes(tree: Json) -> tuple[InstanceChange, ...]:
    if not isinstance(tree, list):
        raise Malformed("its changes are not an array")
    return tuple(map(_change, tree))


def _change(tree: Json) -> InstanceChange:
    if not isinstance(tree, dict):
        raise Malformed("a change in it is not an object")
    header = decode_header(tree, "a change in it")
    if tree["instance"] is not None:
        return InstanceChange.put(header, decode_instance(tree["instance"], "an object in it"))
    # The keys of what is gone obey the rules of those that exist.
    keys: dict[str, Json] = {name: tree[name] for name in ("index_key", "deposed") if name in tree}
    gone = decode_instance(keys, "an object in it")
    return InstanceChange(header, gone.index_key, gone.deposed)


def _text(tree: dict[str, Json], name: str) -> str:
    value = tree[name]
    if not isinstance(value, str):
        raise Malformed(f'its "{name}" is not a text')
    return value


def _whole(tree: dict[str, Json], name: str) -> int:
    value = tree[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed(f'its "{name}" is not a whole number')
    return value

"""The text of a state file <-> Snapshot: Terraform's version 4, byte for byte as Terraform 1.11 writes it.

Every field is checked on the way in, so that the engine never meets a state of another shape. Where the bytes
come from and go to stays out, and so does the meaning of attributes.
"""

import re
from typing import Any, TypeVar

from state.errors import CorruptState, StateError, UnsupportedVersion
from state.jsontext import Json, parse, render
from state.snapshot import Instance, InstanceKey, Output, Resource, ResourceHeader, Snapshot

VERSION = 4

_Kind = TypeVar("_Kind")
_DEPOSED = re.compile("[0-9a-f]{8}")
_NAME = re.compile(r"[^\W\d][\w-]*")
_MODULE = re.compile(r'module\.[^\W\d][\w-]*(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?(?:\.|\Z)')
_KINDS = {dict: "an object", list: "an array", str: "a text", int: "a whole number", bool: "true or false"}

_TOP_MEMBERS = {
    "version",
    "terraform_version",
    "serial",
    "lineage",
    "outputs",
    "resources",
    "check_results",
}
_OUTPUT_MEMBERS = {"value", "type", "sensitive"}
_RESOURCE_MEMBERS = {"module", "mode", "type", "name", "provider", "instances"}
_INSTANCE_MEMBERS = {
    "index_key",
    "status",
    "deposed",
    "schema_version",
    "attributes",
    "sensitive_attributes",
    "private",
    "dependencies",
    "create_before_destroy",
}
_BEFORE_PRIVATE = ("identity_schema_version", "identity")  # written by newer Terraforms, in this place


class Malformed(ValueError):
    """Raised when a JSON tree is not what it must be; the text says where and why."""


def decode(data: bytes, name: str) -> Snapshot:
    """Return the snapshot in a state file called `name`. An empty file is a state that does not exist yet.

    Raises CorruptState when the file is damaged and UnsupportedVersion when it is of a kind that is not read.
    """
    if not data:
        return Snapshot.empty()
    try:
        tree = parse(data)
        if not isinstance(tree, dict):
            raise Malformed("it holds no JSON object")
        _check_version(tree, name)
        return _decode_snapshot(tree)
    except ValueError as error:
        raise CorruptState(
            "Unsupported state file format",
            f"{name} is not a usable state: {error}. The file was left as it is. "
            f"Put back a good copy, for example {name}.backup or one from version control, and try again.",
        ) from None


def encode(snapshot: Snapshot) -> bytes:
    """Return the file of a snapshot. Raises StateError when a value in it cannot be written as JSON."""
    tree: dict[str, Json] = {
        "version": VERSION,
        "terraform_version": snapshot.terraform_version,
        "serial": snapshot.serial,
        "lineage": snapshot.lineage,
        "outputs": {name: encode_output(snapshot.outputs[name]) for name in sorted(snapshot.outputs)},
        "resources": [_encode_resource(resource) for resource in sorted(snapshot.resources.values(), key=_order)],
        "check_results": snapshot.check_results,
        **snapshot.extra,
    }
    try:
        return render(tree) + b"\n"
    except (TypeError, ValueError) as error:
        raise StateError("State cannot be written", f"A value of the state has no JSON form: {error}.") from None


def encode_output(output: Output) -> dict[str, Json]:
    """Return an output value as the file has it."""
    tree: dict[str, Json] = {"value": output.value, "type": output.type}
    if output.sensitive:
        tree["sensitive"] = True
    return {**tree, **output.extra}


def encode_instance(instance: Instance) -> dict[str, Json]:
    """Return an object as the file has it, members in Terraform's order."""
    tree: dict[str, Json] = {}
    if instance.index_key is not None:
        tree["index_key"] = instance.index_key
    if instance.status:
        tree["status"] = instance.status
    if instance.deposed:
        tree["deposed"] = instance.deposed
    tree["schema_version"] = instance.schema_version
    tree["attributes"] = instance.attributes
    tree["sensitive_attributes"] = instance.sensitive_attributes
    tree.update((name, instance.extra[name]) for name in _BEFORE_PRIVATE if name in instance.extra)
    if instance.private:
        tree["private"] = instance.private
    if instance.dependencies:
        tree["dependencies"] = list[Json](instance.dependencies)
    if instance.create_before_destroy:
        tree["create_before_destroy"] = True
    tree.update((name, value) for name, value in instance.extra.items() if name not in tree)
    return tree


def decode_output(tree: Json, where: str) -> Output:
    """Return an output value. Raises Malformed, naming the place as `where`."""
    members = _expect(tree, dict, where)
    if "value" not in members or "type" not in members:
        raise Malformed(f"{where} lacks its value or its type")
    sensitive = _optional(members, "sensitive", bool, False, where)
    return Output(members["value"], members["type"], sensitive, _others(members, _OUTPUT_MEMBERS))


def decode_instance(tree: Json, where: str) -> Instance:
    """Return an object of a resource. Raises Malformed, naming the place as `where`."""
    members = _expect(tree, dict, where)
    if "attributes" not in members and members.get("attributes_flat"):
        raise Malformed(
            f"{where} has the flat attributes of Terraform 0.11; "
            "run `terraform apply -refresh-only` with a newer Terraform once"
        )
    status = _optional(members, "status", str, "", where)
    if status not in ("", "tainted"):
        raise Malformed(f'{where} has the status "{status}", which is not known')
    return Instance(
        attributes=_optional(members, "attributes", dict, {}, where),
        index_key=_index_key(members.get("index_key"), where),
        deposed=_deposed(members, where),
        status=status or None,
        schema_version=_count(members, "schema_version", where, 0),
        sensitive_attributes=_optional(members, "sensitive_attributes", list, [], where),
        private=_optional(members, "private", str, "", where) or None,
        dependencies=_dependencies(members, where),
        create_before_destroy=_optional(members, "create_before_destroy", bool, False, where),
        extra=_others(members, _INSTANCE_MEMBERS),
    )


def decode_header(members: dict[str, Json], where: str) -> ResourceHeader:
    """Return what identifies a resource. Raises Malformed, naming the place as `where`."""
    module = _optional(members, "module", str, "", where)
    if module and not _is_module(module):
        raise Malformed(f'{where} has the module "{module}", which is no module address')
    mode = _required(members, "mode", str, where)
    if mode not in ("managed", "data"):
        raise Malformed(f'{where} has the mode "{mode}"; only managed and data exist')
    type, name = (_required(members, member, str, where) for member in ("type", "name"))
    if not _NAME.fullmatch(type) or not _NAME.fullmatch(name):
        raise Malformed(f'{where} is called "{type}.{name}", which is no resource address')
    provider = _required(members, "provider", str, where)
    return ResourceHeader(type, name, provider, mode, module)


def encode_header(header: ResourceHeader) -> dict[str, Json]:
    """Return what identifies a resource, as the file has it."""
    tree: dict[str, Json] = {"module": header.module} if header.module else {}
    tree.update(mode=header.mode, type=header.type, name=header.name, provider=header.provider)
    return tree


def _check_version(tree: dict[str, Json], name: str) -> None:
    if "encrypted_data" in tree:
        raise UnsupportedVersion(
            "State is encrypted",
            f"{name} is encrypted, as OpenTofu writes it. Decrypt it with the tool that wrote it, then try again.",
        )
    version = _count(tree, "version", "the state", None)
    writer = tree.get("terraform_version")
    by = f" It was written by Terraform {writer}." if isinstance(writer, str) and writer else ""
    if version > VERSION:
        raise UnsupportedVersion(
            "Unsupported state file format",
            f"{name} uses state format {version}; this program reads format {VERSION}.{by} "
            "Use the program that wrote it, or a newer rtf.",
        )
    if version == 0:
        raise Malformed("its version is 0, and there never was such a format")
    if version < VERSION:
        raise UnsupportedVersion(
            "Unsupported state file format",
            f"{name} uses the old state format {version}; this program reads format {VERSION}.{by} "
            "Run `terraform apply -refresh-only` with Terraform 0.12 or newer once: it rewrites the state.",
        )


def _decode_snapshot(tree: dict[str, Json]) -> Snapshot:
    outputs = _nullable(tree, "outputs", dict, {}, "the state")
    snapshot = Snapshot(
        lineage=_optional(tree, "lineage", str, "", "the state"),
        serial=_count(tree, "serial", "the state", 0),
        terraform_version=_optional(tree, "terraform_version", str, "", "the state"),
        outputs={name: decode_output(output, f'output "{name}"') for name, output in outputs.items()},
        check_results=_nullable(tree, "check_results", list, None, "the state"),
        extra=_others(tree, _TOP_MEMBERS),
    )
    for number, entry in enumerate(_nullable(tree, "resources", list, [], "the state"), start=1):
        _add_resource(snapshot, entry, f"resource {number}")
    return snapshot


def _add_resource(snapshot: Snapshot, tree: Json, where: str) -> None:
    members = _expect(tree, dict, where)
    header = decode_header(members, where)
    address = header.address
    if address in snapshot.resources:
        raise Malformed(f"{address} appears more than once")
    resource = Resource(
        header.type,
        header.name,
        header.provider,
        header.mode,
        header.module,
        extra=_others(members, _RESOURCE_MEMBERS),
    )
    for entry in _nullable(members, "instances", list, [], address):
        instance = decode_instance(entry, f"an instance of {address}")
        if instance.key in resource.instances:
            raise Malformed(f"an instance of {address} appears more than once")
        resource.instances[instance.key] = instance
    snapshot.resources[address] = resource


def _encode_resource(resource: Resource) -> dict[str, Json]:
    instances = sorted(resource.instances.values(), key=_instance_order)
    return {
        **encode_header(resource),
        "instances": [encode_instance(instance) for instance in instances],
        **resource.extra,
    }


def _order(resource: Resource) -> tuple[str, str, str, str]:
    return resource.module, resource.mode, resource.type, resource.name


def _instance_order(instance: Instance) -> tuple[int, int, str, str]:
    # Terraform's own order has no rule for numbers beside texts, which only meet when a life cycle was cut short.
    key, deposed = instance.index_key, instance.deposed or ""
    if key is None:
        return 0, 0, "", deposed
    return (1, key, "", deposed) if isinstance(key, int) else (2, 0, key, deposed)


def _is_module(text: str) -> bool:
    position = 0
    while position < len(text):
        found = _MODULE.match(text, position)
        if found is None:
            return False
        position = found.end()
    return not text.endswith(".")


def _index_key(value: Json, where: str) -> InstanceKey:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise Malformed(f"{where} has an index key that is neither a text nor a whole number from 0")


def _deposed(members: dict[str, Json], where: str) -> str | None:
    key = _optional(members, "deposed", str, "", where)
    if key and not _DEPOSED.fullmatch(key):
        raise Malformed(f'{where} has the deposed key "{key}", which is not eight hex digits')
    return key or None


def _dependencies(members: dict[str, Json], where: str) -> list[str]:
    found = _nullable(members, "dependencies", list, [], where)
    return [_expect(dependency, str, f"a dependency of {where}") for dependency in found]


def _count(members: dict[str, Json], name: str, where: str, default: int | None) -> int:
    if default is None and name not in members:
        raise Malformed(f'{where} has no "{name}"')
    value = _optional(members, name, int, default or 0, where)
    if not 0 <= value < 2**64:
        raise Malformed(f'"{name}" of {where} is {value}, which is out of range')
    return value


def _required(members: dict[str, Json], name: str, kind: type[_Kind], where: str) -> _Kind:
    if name not in members:
        raise Malformed(f'{where} has no "{name}"')
    return _expect(members[name], kind, f'"{name}" of {where}')


def _optional(members: dict[str, Json], name: str, kind: type[_Kind], default: _Kind, where: str) -> _Kind:
    return _expect(members[name], kind, f'"{name}" of {where}') if name in members else default


def _nullable(members: dict[str, Json], name: str, kind: type, default: Json, where: str) -> Any:
    value = members.get(name)
    return default if value is None else _expect(value, kind, f'"{name}" of {where}')


def _expect(value: Json, kind: type[_Kind], where: str) -> _Kind:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Malformed(f"{where} is not {_KINDS[kind]}")
    return value


def _others(members: dict[str, Json], known: set[str]) -> dict[str, Json]:
    if members.keys() <= known:
        return {}
    return {name: value for name, value in members.items() if name not in known}

"""The results of checks as data: what plans and states record, and what views tell about them."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.address import AddressError, InstanceKey, parse_resource_instance
from state.jsontext import Json


@dataclass(frozen=True, slots=True)
class CheckInstance:
    """What one instance of a checked object came to."""

    address: str  # as shown
    module: str  # the address of the module's instance; empty for the root module
    key: InstanceKey
    status: str  # pass, fail, error or unknown
    problems: tuple[str, ...] = ()  # the messages of the conditions that failed


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What all conditions of one checked object came to, over its instances."""

    kind: str  # resource, output_value, check or var
    address: str  # without instance keys, as shown
    module: str  # the address of the module without instance keys; empty for the root module
    mode: str  # managed or data; empty for what is not a resource
    type: str  # empty for what is not a resource
    name: str
    status: str  # pass, fail, error or unknown
    instances: tuple[CheckInstance, ...] = ()


_RECORDED_KINDS = {"resource": "resource", "output_value": "output", "check": "check", "var": "var"}


def check_records(results: Iterable[CheckResult]) -> Json:
    """Return results as a state records them; None when nothing is checked."""
    records: list[Json] = []
    for result in results:
        objects: list[Json] = []
        for instance in result.instances:
            record: dict[str, Json] = {"object_addr": instance.address, "status": instance.status}
            if instance.problems:
                record["failure_messages"] = list(instance.problems)
            objects.append(record)
        records.append(
            {
                "object_kind": _RECORDED_KINDS[result.kind],
                "config_addr": result.address,
                "status": result.status,
                "objects": objects or None,
            }
        )
    return records or None


def recorded_checks(records: Json) -> tuple[CheckResult, ...]:
    """Return the results that a state records; those that are written in no way we know are left out."""
    results = []
    for record in records if isinstance(records, list) else []:
        if isinstance(record, dict) and isinstance(address := record.get("config_addr"), str):
            kinds = {value: key for key, value in _RECORDED_KINDS.items()}
            kind = kinds.get(str(record.get("object_kind")))
            place = _parsed(kind, address)
            if kind is not None and place is not None:
                objects = record.get("objects")
                instances = [_instance(kind, item) for item in objects] if isinstance(objects, list) else []
                found = tuple(item for item in instances if item is not None)
                results.append(CheckResult(kind, address, *place, str(record.get("status")), found))
    return tuple(results)


def same_results(some: Iterable[CheckResult], others: Iterable[CheckResult]) -> bool:
    """Return whether both say the same, in whatever order: that of Terraform's states changes from run to run."""
    one, other = (
        {(result.address, result.status, frozenset(result.instances)) for result in few} for few in (some, others)
    )
    return one == other


def _parsed(kind: str | None, address: str) -> tuple[str, str, str, str] | None:
    """Return module, mode, type and name of what an address of a checked object names."""
    try:
        if kind == "resource":
            resource = parse_resource_instance(address).resource
            return resource.module, resource.mode, resource.type, resource.name
    except AddressError:
        return None
    module, _, rest = address.rpartition(".")
    outer, _, _ = module.rpartition(".") if "." in module else ("", "", "")
    return outer, "", "", rest


def _instance(kind: str, record: Json) -> CheckInstance | None:
    if not isinstance(record, dict) or not isinstance(address := record.get("object_addr"), str):
        return None
    messages = record.get("failure_messages")
    problems = tuple(str(message) for message in messages) if isinstance(messages, list) else ()
    module, key = "", None
    if kind == "resource":
        try:
            instance = parse_resource_instance(address)
        except AddressError:
            return None
        module, key = instance.resource.module, instance.key
    else:
        place = _parsed(kind, address)
        module = place[0] if place else ""
    return CheckInstance(address, module, key, str(record.get("status")), problems)

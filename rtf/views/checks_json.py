"""The results of checks in Terraform's JSON, of plans and states alike."""

from collections.abc import Iterable

from engine.lang.json_values import JSON
from engine.plan.checks import CheckInstance, CheckResult


def checks_json(results: Iterable[CheckResult]) -> JSON:
    """Return what the checks of each object came to, in the order of their addresses."""
    return [_check(result) for result in sorted(results, key=lambda result: (result.address, result.kind))]


def _check(result: CheckResult) -> JSON:
    address: dict[str, JSON] = {"kind": result.kind, "to_display": result.address}
    if result.kind == "resource":
        address |= {"mode": result.mode, "type": result.type}
    address["name"] = result.name
    if result.module:
        address["module"] = result.module
    tree: dict[str, JSON] = {"address": address, "status": result.status}
    if result.instances:
        tree["instances"] = [_instance(item) for item in sorted(result.instances, key=lambda item: item.address)]
    return tree


def _instance(instance: CheckInstance) -> JSON:
    address: dict[str, JSON] = {"to_display": instance.address}
    if instance.module:
        address["module"] = instance.module
    if instance.key is not None:
        address["instance_key"] = instance.key
    tree: dict[str, JSON] = {"address": address, "status": instance.status}
    if instance.problems:
        tree["problems"] = [{"message": message} for message in instance.problems]
    return tree

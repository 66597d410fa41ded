"""Names of things in a configuration and in a state, as people write them."""

import json
import re
from dataclasses import dataclass

InstanceKey = str | int | None
"""What tells instances of one block apart: a number with `count`, a text with `for_each`, None with neither."""


@dataclass(frozen=True, slots=True)
class ResourceAddress:
    """One resource block: `openai_realtime_call.support`."""

    type: str
    name: str
    mode: str = "managed"
    module: str = ""

    def __str__(self) -> str:
        plain = f"{self.type}.{self.name}" if self.mode == "managed" else f"{self.mode}.{self.type}.{self.name}"
        return f"{self.module}.{plain}" if self.module else plain

    def instance(self, key: InstanceKey = None) -> "InstanceAddress":
        """Return the address of one of its instances."""
        return InstanceAddress(self, key)


@dataclass(frozen=True, slots=True)
class InstanceAddress:
    """One instance of a resource block: `openai_realtime_call.support["eu"]`."""

    resource: ResourceAddress
    key: InstanceKey = None

    def __str__(self) -> str:
        return f"{self.resource}{written_key(self.key)}"


def written_key(key: InstanceKey) -> str:
    """Return an instance key as it follows a name: nothing, `[0]` or `["eu"]`."""
    if key is None:
        return ""
    if isinstance(key, int):
        return f"[{key}]"
    return f"[{json.dumps(key, ensure_ascii=False)}]"


def key_order(key: InstanceKey) -> tuple[int, int, str]:
    """Return what instance keys are sorted by: none, then numbers, then texts."""
    if key is None:
        return 0, 0, ""
    return (1, key, "") if isinstance(key, int) else (2, 0, key)


def static_address(text: str) -> str:
    """Return the name of a block without the instance keys of the modules around it."""
    return _KEY.sub("", text) if "[" in text else text


_NAME = r"[^\W\d][\w-]*"
_KEY_TEXT = r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]'
_KEY = re.compile(_KEY_TEXT)
_ADDRESS = re.compile(
    rf"(?P<module>(?:module\.{_NAME}(?:{_KEY_TEXT})?\.)*)"
    rf"(?P<data>data\.)?(?!data\.)(?P<type>{_NAME})\.(?P<name>{_NAME})"
    r'(?:\[(?:(?P<number>\d+)|(?P<text>"(?:[^"\\]|\\.)*"))\])?'
)


def parse_instance(text: str) -> InstanceAddress | None:
    """Return the instance that `text` names, or None when it is no such name."""
    found = _ADDRESS.fullmatch(text.strip())
    if found is None:
        return None
    mode = "data" if found["data"] else "managed"
    resource = ResourceAddress(found["type"], found["name"], mode, found["module"].rstrip("."))
    if found["number"] is not None:
        return resource.instance(int(found["number"]))
    if found["text"] is not None:
        try:
            return resource.instance(json.loads(found["text"]))
        except ValueError:
            return None
    return resource.instance()


_STEP = re.compile(rf'module\.(?P<name>{_NAME})(?:\[(?:(?P<number>\d+)|(?P<text>"(?:[^"\\]|\\.)*"))\])?')


def module_ancestry(module: str) -> list[str]:
    """Return the addresses of the modules on the way to one, from the outermost to itself; none for the root module."""
    return [module[: step.end()] for step in _STEP.finditer(module)]


def module_order(module: str) -> tuple[int, list[tuple[str, tuple[int, int, str]]]]:
    """Return what modules are sorted by: how deep they stand, then names and keys from the outermost on."""
    steps = []
    for step in _STEP.finditer(module):
        text = json.loads(step["text"]) if step["text"] else None
        steps.append((step["name"], key_order(text if step["number"] is None else int(step["number"]))))
    return len(steps), steps


def address_order(address: InstanceAddress) -> tuple[object, ...]:
    """Return what instances are sorted by where people see them: modules, data before managed, types, names, keys."""
    resource = address.resource
    kind = resource.mode != "data", resource.type, resource.name
    return *module_order(resource.module), *kind, *key_order(address.key)

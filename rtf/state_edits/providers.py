"""`rtf state replace-provider`: let recorded resources belong to another provider."""

import re
from dataclasses import dataclass, replace

from engine.diagnostics import DiagnosticError, error
from state.snapshot import Resource, Snapshot

DEFAULT_HOST = "registry.terraform.io"
DEFAULT_NAMESPACE = "hashicorp"

_PART = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?)(?:\.[^\W_](?:[\w-]*[^\W_])?)*(?::\d+)?")
_RECORDED = re.compile(r'(?:(?P<module>.*)\.)?provider\["(?P<name>[^"]+)"\](?P<alias>\..+)?', re.DOTALL)
_MOST_OFTEN = "terraform-provider-"


@dataclass(frozen=True, slots=True)
class ProviderName:
    """A provider's name in full."""

    host: str
    namespace: str
    type: str

    def __str__(self) -> str:
        return f"{self.host}/{self.namespace}/{self.type}"


def parse_provider(text: str, which: str) -> ProviderName:
    """Return the provider that `[HOST/][NAMESPACE/]NAME` names. Raises DiagnosticError, which calls it `which`."""
    parts = text.split("/")
    if not 1 <= len(parts) <= 3 or not all(parts):
        raise _invalid(which, text, 'Write it as "[hostname/][namespace/]name".')
    type = parts[-1].lower()
    if len(parts) > 1 and type.startswith(_MOST_OFTEN):
        meant = "/".join([*parts[:-1], type.removeprefix(_MOST_OFTEN)])
        raise _invalid(which, text, f'A provider\'s name has no "{_MOST_OFTEN}" in front. Did you mean "{meant}"?')
    namespace = parts[-2].lower() if len(parts) > 1 else DEFAULT_NAMESPACE
    for part in (type, namespace):
        if not _PART.fullmatch(part) and not (part is namespace and part == "-"):
            raise _invalid(
                which, text, f'"{part}" must contain only letters, digits, and dashes, and no dash at an end.'
            )
    if len(parts) < 3:
        return ProviderName(DEFAULT_HOST, namespace, type)
    if not _HOST.fullmatch(parts[0]):
        raise _invalid(which, text, f'"{parts[0]}" is no name of a host.')
    return ProviderName(parts[0].lower(), namespace, type)


def _invalid(which: str, text: str, detail: str) -> DiagnosticError:
    return error(f'Invalid "{which}" provider "{text}"', detail)


def resources_of(snapshot: Snapshot, provider: ProviderName) -> list[Resource]:
    """Return the recorded resources of a provider, in the order of their addresses."""
    wanted = str(provider)
    found = [one for one in snapshot.resources.values() if _recorded_name(one) == wanted]
    return sorted(found, key=lambda one: one.address)


def _recorded_name(resource: Resource) -> str | None:
    match = _RECORDED.fullmatch(resource.provider)
    return None if match is None else match["name"]


def with_provider(snapshot: Snapshot, resources: list[Resource], provider: ProviderName) -> Snapshot:
    """Return a snapshot in which the resources belong to another provider; configurations keep their aliases."""
    changed = snapshot.copy()
    for one in resources:
        match = _RECORDED.fullmatch(one.provider)
        if match is not None:
            module = f"{match['module']}." if match["module"] else ""
            text = f'{module}provider["{provider}"]{match["alias"] or ""}'
            changed.resources[one.address] = replace(changed.resources[one.address], provider=text)
    return changed

"""What rtf remembers about the world: one snapshot of every object, as plain data.

Attributes are JSON trees; the engine gives them their meaning. Instances and outputs are values: take
`dataclasses.replace` to change one, never change its trees in place, for snapshots share them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from state.jsontext import Json, identical

TERRAFORM_VERSION = "1.11.4"
"""The Terraform whose files we read and write; new states claim to be its work, so that it accepts them."""

InstanceKey = int | str | None
"""What tells instances of one resource apart: a number with `count`, a text with `for_each`, None with neither."""

ObjectKey = tuple[InstanceKey, str | None]
"""One object of a resource: its instance key, and its deposed key unless it is the current one."""


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Instance:
    """One object that exists, or existed when somebody last looked."""

    attributes: dict[str, Json]
    index_key: InstanceKey = None
    deposed: str | None = None  # eight hex digits when a replacement took its place before it was destroyed
    status: str | None = None  # "tainted", or None when it is in order
    schema_version: int = 0
    sensitive_attributes: list[Json] = field(default_factory=list)  # paths, in the form that the file has them
    private: str | None = None  # base64
    dependencies: list[str] = field(default_factory=list)  # resource addresses without keys
    create_before_destroy: bool = False
    extra: dict[str, Json] = field(default_factory=dict)  # members that we do not know, kept

    @property
    def key(self) -> ObjectKey:
        """What the object is filed under in its resource."""
        return self.index_key, self.deposed


@dataclass(frozen=True, slots=True)
class ResourceHeader:
    """What the objects of one resource have in common."""

    type: str
    name: str
    provider: str  # provider["registry.terraform.io/openai/openai"]
    mode: str = "managed"  # or "data"
    module: str = ""  # module.a[0].module.b["k"]; empty in the root module

    @property
    def address(self) -> str:
        """The text that the resource is filed under: `module.a.data.type.name`."""
        plain = f"{self.type}.{self.name}" if self.mode == "managed" else f"data.{self.type}.{self.name}"
        return f"{self.module}.{plain}" if self.module else plain


@dataclass(frozen=True, slots=True)
class Resource(ResourceHeader):
    """One resource with its objects."""

    instances: dict[ObjectKey, Instance] = field(default_factory=dict)
    extra: dict[str, Json] = field(default_factory=dict)

    @property
    def header(self) -> ResourceHeader:
        """The resource without its objects."""
        return ResourceHeader(self.type, self.name, self.provider, self.mode, self.module)


@dataclass(frozen=True, slots=True)
class Output:
    """One output value of the root module."""

    value: Json
    type: Json  # cty's JSON notation: "string", ["list", "number"], ...
    sensitive: bool = False
    extra: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class Snapshot:
    """Everything that is known at one moment. Serial 0 without a lineage says that there is no state yet."""

    lineage: str = ""
    serial: int = 0
    terraform_version: str = TERRAFORM_VERSION
    outputs: dict[str, Output] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    check_results: Json = None
    extra: dict[str, Json] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> "Snapshot":
        """Return the snapshot that stands for a state which does not exist."""
        return cls()

    @property
    def is_absent(self) -> bool:
        """Whether no state exists yet. A state without objects that was written once exists."""
        return not self.lineage and not self.serial and not self.resources and not self.outputs

    def copy(self) -> "Snapshot":
        """Return a snapshot that can be changed without changing this one."""
        return Snapshot(
            self.lineage,
            self.serial,
            self.terraform_version,
            dict(self.outputs),
            {address: _with(resource, dict(resource.instances)) for address, resource in self.resources.items()},
            self.check_results,
            dict(self.extra),
        )

    def find(self, address: str, key: InstanceKey = None, deposed: str | None = None) -> Instance | None:
        """Return one object of the resource at `address`, or None when there is no such object."""
        resource = self.resources.get(address)
        return None if resource is None else resource.instances.get((key, deposed))

    def put(self, header: ResourceHeader, instance: Instance) -> None:
        """File an object, in place of the one that had its key. The header's provider becomes the resource's."""
        resource = self.resources.get(header.address)
        if resource is None or resource.provider != header.provider:
            kept = ({}, {}) if resource is None else (resource.instances, resource.extra)
            resource = Resource(header.type, header.name, header.provider, header.mode, header.module, *kept)
            self.resources[header.address] = resource
        resource.instances[instance.key] = instance

    def drop(self, address: str, key: InstanceKey = None, deposed: str | None = None) -> None:
        """Forget one object, and its resource with the last one. Unknown objects are forgotten already."""
        resource = self.resources.get(address)
        if resource is None:
            return
        resource.instances.pop((key, deposed), None)
        if not resource.instances:
            del self.resources[address]

    def same_content(self, other: "Snapshot") -> bool:
        """Return whether both say the same about the world, whatever their serials, lineages and versions are."""
        return (
            _same(self.outputs, other.outputs, _same_output)
            and _same(self.resources, other.resources, _same_resource)
            and identical(self.check_results, other.check_results)
            and identical(self.extra, other.extra)
        )


def _with(resource: Resource, instances: dict[ObjectKey, Instance]) -> Resource:
    return Resource(
        resource.type, resource.name, resource.provider, resource.mode, resource.module, instances, resource.extra
    )


def _same(one: dict[_Key, _Value], other: dict[_Key, _Value], same: Callable[[_Value, _Value], bool]) -> bool:
    return one.keys() == other.keys() and all(
        value is other[key] or same(value, other[key]) for key, value in one.items()
    )


def _same_output(one: Output, other: Output) -> bool:
    return (
        one.sensitive is other.sensitive
        and identical(one.value, other.value)
        and identical(one.type, other.type)
        and identical(one.extra, other.extra)
    )


def _same_resource(one: Resource, other: Resource) -> bool:
    return (
        one.header == other.header
        and identical(one.extra, other.extra)
        and _same(one.instances, other.instances, _same_instance)
    )


def _same_instance(one: Instance, other: Instance) -> bool:
    # Plain `==` sees the small fields; the trees need to tell true from 1.
    return one == other and all(
        identical(mine, theirs)
        for mine, theirs in (
            (one.attributes, other.attributes),
            (one.sensitive_attributes, other.sensitive_attributes),
            (one.extra, other.extra),
        )
    )

"""What may stand in a block, read off a pydantic model.

The model is the only place where an attribute is declared. Its fields give names, types, and what is required;
`Attr` in their annotations says the rest. Types are written in the notation of Terraform's JSON interfaces:
`"string"`, `["list", "number"]`, `["map", "string"]`, and `"dynamic"` where a value may have several shapes.
"""

import types
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

TypeNotation = str | list[Any]
Nesting = Literal["single", "list", "map"]


@dataclass(frozen=True, slots=True)
class Attr:
    """What an attribute's type cannot say; put it into the field's `Annotated`."""

    computed: bool = False  # the provider sets it; alone, it cannot be configured
    optional: bool = False  # with `computed`: it may be configured as well
    sensitive: bool = False  # never shown
    force_new: bool = False  # a change replaces the object; implied where a type has no update
    write_only: bool = False  # sent and never stored
    explicit_null: bool = False  # null has a meaning of its own, other than "not given"
    not_null: bool = False  # with `computed`: surely there once the object is
    follows: str | None = None  # with `computed`: the attribute whose value, of whatever type, this one takes over


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute as the engine, the views and the documentation see it."""

    name: str
    type: TypeNotation
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    force_new: bool = False
    write_only: bool = False
    explicit_null: bool = False
    not_null: bool = False
    follows: str | None = None
    nested: "Schema | None" = None  # the members, when the value is an object of known shape
    nesting: Nesting | None = None  # how objects of that shape are held
    default: Any = None


@dataclass(frozen=True, slots=True)
class Schema:
    """The attributes of one block or nested object, by name."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    version: int = 0


@cache
def schema_of(model: type[BaseModel], *, force_new: bool = False, version: int = 0) -> Schema:
    """Return the schema of `model`. With `force_new` a change of any configurable attribute replaces the object."""
    return Schema({name: _attribute(name, info, force_new) for name, info in model.model_fields.items()}, version)


def _attribute(name: str, info: Any, force_new: bool) -> Attribute:
    annotation, attr = _unwrap(info.annotation, _attr_in(info.metadata))
    attr = attr or Attr()
    configurable = attr.optional or not attr.computed
    required = configurable and bool(info.is_required())
    notation, nested, nesting = _notation(annotation, force_new)
    return Attribute(
        name=info.alias or name,
        type=notation,
        required=required,
        optional=configurable and not required,
        computed=attr.computed,
        sensitive=attr.sensitive,
        force_new=attr.force_new or (force_new and configurable),
        write_only=attr.write_only,
        explicit_null=attr.explicit_null,
        not_null=attr.not_null,
        follows=attr.follows,
        nested=nested,
        nesting=nesting,
        default=None if info.is_required() else info.default,
    )


def _attr_in(metadata: Any) -> Attr | None:
    return next((item for item in metadata if isinstance(item, Attr)), None)


def _unwrap(annotation: Any, attr: Attr | None) -> tuple[Any, Attr | None]:
    """Take `Annotated` and `| None` off a type, keeping the `Attr` found on the way."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *metadata = get_args(annotation)
            attr = attr or _attr_in(metadata)
        elif get_origin(annotation) in (Union, types.UnionType):
            members = [member for member in get_args(annotation) if member is not types.NoneType]
            if len(members) != 1:
                return annotation, attr
            annotation = members[0]
        else:
            return annotation, attr


def _notation(annotation: Any, force_new: bool) -> tuple[TypeNotation, Schema | None, Nesting | None]:
    """Return a type's notation and, for objects of known shape, their schema and how they are held."""
    annotation, _ = _unwrap(annotation, None)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        members = schema_of(annotation, force_new=force_new)
        return object_type(members), members, "single"
    if origin is Literal:
        return ("string" if all(isinstance(value, str) for value in arguments) else "dynamic"), None, None
    if origin in (list, dict):
        notation, nested, nesting = _notation(arguments[-1], force_new)
        if notation == "dynamic":
            return "dynamic", None, None
        kind: Nesting = "list" if origin is list else "map"
        return [kind, notation], *((nested, kind) if nesting == "single" else (None, None))
    for python_type, name in _PRIMITIVES:
        if annotation is python_type:
            return name, None, None
    return "dynamic", None, None


_PRIMITIVES: tuple[tuple[type, str], ...] = (
    (bool, "bool"),
    (int, "number"),
    (float, "number"),
    (str, "string"),
)


def object_type(schema: Schema) -> TypeNotation:
    """Return the type of an object with the attributes of `schema`."""
    return ["object", {name: attribute.type for name, attribute in schema.attributes.items()}]

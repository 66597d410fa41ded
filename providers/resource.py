"""The base of every resource type: one pydantic class that says what a user may write and what the API does.

Fields are attributes, `Attr` in their annotations says the rest, and the methods say what can be done. A method
that a type lacks means what it says: without `update` every change replaces the object, without `read` there is
nothing to refresh, without `delete` destroying only forgets.

During a plan some values are not known yet. They arrive as `UNKNOWN`, in any field; everything else is checked.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Discriminator, GetCoreSchemaHandler, Tag, ValidationError
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from providers.checks import problems_in
from providers.errors import Problem, ProviderError
from providers.schema import Attribute, Schema, schema_of
from providers.unknown import UNKNOWN


class Block(BaseModel):
    """An object of known shape: a resource, a provider's configuration, or an object nested in one of them."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True, arbitrary_types_allowed=True)

    def rules(self) -> Iterator[Problem]:
        """Yield what is wrong with the members taken together; paths start at this object.

        Called when each member is valid by itself. A member may be `UNKNOWN`, which equals nothing.
        """
        return iter(())

    def problems(self) -> Iterator[Problem]:
        """Yield what `rules` says of this object and of every object inside it."""
        yield from self.rules()
        for name in type(self).model_fields:
            yield from _problems_inside(getattr(self, name), (name,))

    def data(self) -> dict[str, Any]:
        """Return the attributes that were given or set, as plain data; what was left out stays out."""
        # Unknown values and recorded plain data are not of the declared types; pydantic would warn of each.
        return self.model_dump(exclude_unset=True, warnings=False)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Yield what `repr` shows: tracebacks and logs must not tell secrets."""
        attributes = schema_of(type(self)).attributes
        for name, value in super().__repr_args__():
            attribute = attributes.get(name or "")
            hidden = attribute is not None and _is_secret(attribute, value)
            yield name, _HIDDEN if hidden else value

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        """Return everything that is wrong with `data`, errors and warnings. `UNKNOWN` values pass."""
        try:
            block = cls.model_validate(data)
        except ValidationError as invalid:
            return problems_in(invalid, cls)
        return list(block.problems())

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Self:
        """Return `data` as a checked object. Raises ProviderError with every error found."""
        errors = [problem for problem in cls.check(data) if problem.severity == "error"]
        if errors:
            raise ProviderError(*errors)
        return cls.model_validate(data)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        fields: Any = schema
        while fields["type"] != "model-fields":
            fields = fields["schema"]
        for model_field in fields["fields"].values():
            inner = model_field["schema"] if model_field["schema"]["type"] == "default" else model_field
            exact = _keep_kinds(inner["schema"])
            inner["schema"] = core_schema.no_info_wrap_validator_function(_pass_unknown, exact)
        return schema


def _pass_unknown(value: Any, validate: core_schema.ValidatorFunctionWrapHandler) -> Any:
    return value if value is UNKNOWN else validate(value)


class _Hidden:
    def __repr__(self) -> str:
        return "(sensitive value)"


_HIDDEN = _Hidden()


def _is_secret(attribute: Attribute, value: Any) -> bool:
    """Return whether `value` must not be shown. Blocks inside it hide their own secrets; plain data cannot."""
    if attribute.sensitive:
        return value is not None
    inner = attribute.nested.attributes.values() if attribute.nested else ()
    items = value if isinstance(value, list) else [value]
    plain = any(isinstance(item, dict) for item in items)
    return plain and any(_is_secret(member, value) for member in inner)


def _keep_kinds(schema: Any) -> Any:
    """Return a core schema that takes no bool for a number and no number for a bool, which pydantic would."""
    if schema["type"] in ("int", "float"):
        wrong = f"{schema['type']}_type"
        return core_schema.no_info_before_validator_function(_refuse(bool, wrong), schema)
    if schema["type"] == "bool":
        return core_schema.no_info_before_validator_function(_refuse(int | float, "bool_type"), schema)
    for part in ("schema", "items_schema", "values_schema"):
        if part in schema:
            schema[part] = _keep_kinds(schema[part])
    if isinstance(schema.get("choices"), dict):
        schema["choices"] = {tag: _keep_kinds(choice) for tag, choice in schema["choices"].items()}
    return schema


def _refuse(kinds: Any, error: Any) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if isinstance(value, kinds) and not (error == "bool_type" and isinstance(value, bool)):
            raise PydanticKnownError(error)
        return value

    return check


def _problems_inside(value: Any, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if isinstance(value, Block):
        for problem in value.problems():
            yield problem.under(*path)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _problems_inside(item, (*path, position))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _problems_inside(item, (*path, key))


class Resource(Block):
    """A kind of object that an API holds.

    Methods get the `api` that the provider's `open` gave. They may run concurrently with others of the same run.
    They raise `ProviderError` when something did not work, and `OutcomeUnknown` when nobody knows whether it did.
    """

    type: ClassVar[str]
    """The name in configuration, such as `openai_realtime_call`."""

    version: ClassVar[int] = 0
    """The version of the attributes in the state; higher than the one before when their meaning changed."""

    create_before_destroy: ClassVar[bool] = False
    """Whether a replacement is made while the old object still exists."""

    identity: ClassVar[str] = "id"
    """The attribute that names an object in progress lines."""

    @classmethod
    def schema_of_type(cls) -> Schema:
        """Return the attributes of this type."""
        return schema_of(cls, force_new=not cls.can("update"), version=cls.version)

    @classmethod
    def can(cls, operation: str) -> bool:
        """Return whether this type has `read`, `update` or `delete`."""
        return getattr(cls, operation) is not getattr(Resource, operation)

    @classmethod
    def from_state(cls, data: Mapping[str, Any]) -> Self:
        """Return a recorded object without checking it: what was valid once must stay deletable.

        Nested objects stay plain data.
        """
        return cls.model_construct(**data)

    @classmethod
    def plan(cls, prior: Mapping[str, Any] | None, proposed: dict[str, Any]) -> dict[str, Any]:
        """Return `proposed` with what this type knows better: values of computed attributes known in advance.

        `prior` is the recorded object, None when there is none. Computed attributes are `UNKNOWN` in `proposed`
        when the object is new or replaced.
        """
        return proposed

    @classmethod
    def expiry(cls, data: Mapping[str, Any]) -> float | None:
        """Return when a recorded object stops existing by itself, in Unix seconds, or None.

        Not called `expires_at`, because many types have an attribute of that name.
        """
        return None

    @classmethod
    def remains(cls, data: Mapping[str, Any], now: float) -> Problem | None:
        """Return a warning of what goes on existing after a recorded object was deleted, or None. `now`: Unix time."""
        return None

    @classmethod
    async def import_object(cls, api: Any, id: str) -> Self | None:
        """Return the existing object that `id` names, or None when there is none. Raises ProviderError."""
        detail = f"Objects of type {cls.type} cannot be imported: their API does not give them back."
        raise ProviderError(Problem("Resource import not supported", detail))

    async def create(self, api: Any) -> Self:
        """Make the object and return it with its computed attributes."""
        raise ProviderError(Problem("Cannot be created", f"Objects of type {self.type} cannot be created."))

    async def read(self, api: Any) -> Self | None:
        """Return the object as the API has it now, or None when it is gone."""
        return self

    async def update(self, api: Any, prior: Self) -> Self:
        """Change the object from `prior` to this one and return it with its computed attributes."""
        return self

    async def delete(self, api: Any) -> None:
        """Make the object go away. One that is gone already is no error."""


class DataSource(Block):
    """A kind of thing that can only be looked up: what is configured says what, `read` gives the rest."""

    type: ClassVar[str]
    """The name in configuration, such as `terraform_remote_state`."""

    version: ClassVar[int] = 0

    @classmethod
    def schema_of_type(cls) -> Schema:
        """Return the attributes of this type."""
        return schema_of(cls, version=cls.version)

    async def read(self, api: Any) -> Self:
        """Return the object with its computed attributes. Raises ProviderError."""
        raise NotImplementedError


class EphemeralResource(Block):
    """A kind of object that lives for one run and is never recorded."""

    type: ClassVar[str]
    """The name in configuration."""

    version: ClassVar[int] = 0

    @classmethod
    def schema_of_type(cls) -> Schema:
        """Return the attributes of this type."""
        return schema_of(cls, version=cls.version)

    def renew_at(self) -> float | None:
        """Return when an open object has to be renewed, in Unix seconds, or None when it stays."""
        return None

    async def open(self, api: Any) -> Self:
        """Make the object and return it with its computed attributes. Raises ProviderError."""
        raise NotImplementedError

    async def renew(self, api: Any) -> Self:
        """Keep the object for longer. Raises ProviderError."""
        return self

    async def close(self, api: Any) -> None:
        """Make the object go away; one that ends by itself needs nothing."""


# Attributes that take several kinds of value: tag each kind, and let `by_kind` choose, so that a problem is
# told of the kind that was meant and not of all of them.
Text = Tag("(string)")
Number = Tag("(number)")
Flag = Tag("(bool)")
Items = Tag("(list)")
Members = Tag("(object)")


def _kind(value: Any) -> str | None:
    for types, tag in _KINDS:
        if isinstance(value, types):
            return tag
    return None


_KINDS: tuple[tuple[Any, str], ...] = (
    (bool, "(bool)"),
    (str, "(string)"),
    (int | float, "(number)"),
    (list, "(list)"),
    (dict | BaseModel, "(object)"),
)

by_kind = Discriminator(_kind)
"""Put it into the `Annotated` of a union whose members are tagged with their kinds."""

FreeForm = Annotated[dict[str, Any], "any JSON object"]
"""An object whose members are the user's own."""

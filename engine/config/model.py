"""A module's configuration as data. Expressions stay unevaluated; names are not looked up yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.address import InstanceKey, ResourceAddress
from engine.config.sources import Origin
from engine.config.types import NO_DEFAULTS, Defaults
from engine.config.versions import Constraint
from engine.diagnostics import SourceFile, SourceRange
from engine.lang.types import DYNAMIC, Type
from engine.syntax.expression import Expression
from engine.syntax.references import Key


@dataclass(frozen=True, slots=True)
class Argument:
    """`name = expression` in some block."""

    name: str
    name_range: SourceRange
    expression: Expression

    @property
    def range(self) -> SourceRange:
        """The text from the name to the end of the expression."""
        return SourceRange(self.name_range.file, self.name_range.start, self.expression.range.end)


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition: what has to hold, and what to say when it does not.

    A block `validation`, `precondition`, `postcondition` or `assert`.
    """

    range: SourceRange
    condition: Expression
    error_message: Expression


@dataclass(frozen=True, slots=True)
class Variable:
    """An input of the module."""

    name: str
    range: SourceRange
    type: Type = DYNAMIC
    literal: bool = True  # a value on the command line or in the environment is plain text, not an expression
    defaults: Defaults = NO_DEFAULTS
    default: Expression | None = None
    description: str = ""
    sensitive: bool = False
    nullable: bool = True
    ephemeral: bool = False  # never recorded, neither in a state nor in a saved plan
    validations: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Local:
    """One entry of a `locals` block."""

    name: str
    range: SourceRange
    expression: Expression


@dataclass(frozen=True, slots=True)
class Output:
    """A value the module shows to the outside."""

    name: str
    range: SourceRange
    expression: Expression
    description: str = ""
    sensitive: bool = False
    ephemeral: bool = False
    depends_on: tuple[Expression, ...] = ()
    preconditions: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class AttributePath:
    """An attribute, or a part of one, as written in `ignore_changes`."""

    steps: tuple[str | Key, ...]
    range: SourceRange


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """How the instances of a resource are replaced, kept and compared."""

    create_before_destroy: bool | None = None
    prevent_destroy: bool = False
    ignore_all: bool = False
    ignore_changes: tuple[AttributePath, ...] = ()
    replace_triggered_by: tuple[Expression, ...] = ()
    preconditions: tuple[Rule, ...] = ()
    postconditions: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Provisioner:
    """A `provisioner` block: a command to run once the object exists, or before it goes."""

    type: str
    range: SourceRange
    type_range: SourceRange
    arguments: dict[str, Argument]
    missing_range: SourceRange
    at_destroy: bool = False
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class ResourceBlock:
    """A `resource`, `data` or `ephemeral` block: what its instances shall be."""

    address: ResourceAddress
    range: SourceRange  # the header, as diagnostics show it
    arguments: dict[str, Argument]
    type_range: SourceRange | None = None
    count: Expression | None = None
    for_each: Expression | None = None
    provider: str = ""  # the local name of the provider configuration, such as `openai` or `openai.eu`
    depends_on: tuple[Expression, ...] = ()
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    provisioners: tuple[Provisioner, ...] = ()
    check: str = ""  # the name of the check block that a data source stands in

    @property
    def is_managed(self) -> bool:
        """Whether the block's objects are made and destroyed, not only read or opened."""
        return self.address.mode == "managed"


@dataclass(frozen=True, slots=True)
class Check:
    """A `check` block: assertions about the whole, which only warn."""

    name: str
    range: SourceRange
    assertions: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A `moved` block: what has a new name. Both ends are as seen from the module that the block stands in."""

    range: SourceRange
    source: "Endpoint"
    target: "Endpoint"


@dataclass(frozen=True, slots=True)
class Removed:
    """A `removed` block: what is no longer configured, and whether its objects go with it."""

    range: SourceRange
    source: "Endpoint"
    destroy: bool = True
    provisioners: tuple[Provisioner, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """An `import` block: which existing object an instance is."""

    range: SourceRange
    target: Expression
    id: Expression
    for_each: Expression | None = None
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A module or a resource, with instance keys or without, relative to some module.

    `modules` are the calls on the way, each with its key; `name` is the resource's `type.name`, empty for a module.
    """

    range: SourceRange
    modules: tuple[tuple[str, InstanceKey], ...]
    name: str = ""
    key: InstanceKey = None
    mode: str = "managed"


@dataclass(frozen=True, slots=True)
class ProviderBlock:
    """A `provider` block: how one provider is set up."""

    name: str  # `openai`, or `openai.eu` with an alias, whatever the module calls the provider
    type: str
    range: SourceRange
    arguments: dict[str, Argument]


@dataclass(frozen=True, slots=True)
class PassedProvider:
    """An entry of `providers`: the module's name of a configuration, and the caller's."""

    inside: str
    outside: str
    inside_range: SourceRange
    outside_range: SourceRange


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """A `module` block: which other module is used, and what its variables are."""

    name: str
    range: SourceRange
    source: str  # as written
    origin: Origin  # what that means
    source_range: SourceRange
    arguments: dict[str, Argument]
    count: Expression | None = None
    for_each: Expression | None = None
    depends_on: tuple[Expression, ...] = ()
    providers: dict[str, str] = field(default_factory=dict)  # the child's name of a configuration -> the caller's
    passed: tuple[PassedProvider, ...] = ()  # the same with their places
    version: str = ""
    meta_range: SourceRange | None = None  # count, for_each or depends_on, whichever is there
    missing_range: SourceRange | None = None  # the place of what the call lacks


@dataclass(frozen=True, slots=True)
class RequiredProvider:
    """An entry of `required_providers`. `source` is the full address, None when none is written."""

    name: str
    source: str | None
    version: str | None  # as written
    constraints: tuple[Constraint, ...]
    aliases: tuple[str, ...]  # configurations that callers have to pass, such as `openai.eu`
    range: SourceRange


@dataclass(frozen=True, slots=True)
class RequiredVersion:
    """A `required_version` argument: the versions of Terraform that the module is for."""

    constraints: tuple[Constraint, ...]
    text: str
    range: SourceRange


@dataclass(slots=True)
class Module:
    """All blocks of one directory, or of one file when that is the root module."""

    files: dict[str, SourceFile] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    locals: dict[str, Local] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)
    resources: dict[str, ResourceBlock] = field(default_factory=dict)  # by `type.name` or `data.type.name`
    providers: dict[str, ProviderBlock] = field(default_factory=dict)
    required_providers: dict[str, RequiredProvider] = field(default_factory=dict)
    required_providers_range: SourceRange | None = None  # where they stand
    required_versions: list[RequiredVersion] = field(default_factory=list)
    calls: dict[str, ModuleCall] = field(default_factory=dict)
    children: "dict[str, Module]" = field(default_factory=dict)  # by name of the call
    checks: dict[str, Check] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    backend: SourceRange | None = None  # where its `backend` block begins
    directory: str = "."  # relative to the root module's

    def provider_type(self, local: str) -> str:
        """Return the name of the provider that this module calls `local`: the last part of its source."""
        required = self.required_providers.get(local)
        return local if required is None or required.source is None else required.source.rpartition("/")[2]

    def provider_names(self) -> Iterator[str]:
        """Yield the name of each provider configuration in use or declared, here and in all children, each once."""
        used = (
            place.provider_of(block.provider) for place in self.places() for block in place.module.resources.values()
        )
        yield from dict.fromkeys([*self.providers, *used])

    def places(self) -> "Iterator[Place]":
        """Yield this root module and every module called from it, directly or not, callers first."""
        todo = [Place("", self, None, None)]
        while todo:
            place = todo.pop(0)
            yield place
            for name, child in place.module.children.items():
                path = f"{place.path}.module.{name}" if place.path else f"module.{name}"
                todo.append(Place(path, child, place, place.module.calls[name]))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a module stands in the tree of calls. `path` is `module.a.module.b`, empty for the root module."""

    path: str
    module: Module
    caller: "Place | None"
    call: ModuleCall | None

    def node(self, block: str) -> str:
        """Return the name that a block of this module has among the blocks of all modules; "" is the module itself."""
        return ".".join(part for part in (self.path, block) if part)

    def provider_of(self, name: str) -> str:
        """Return the name of the provider configuration that is `name` here: `openai`, or `openai.eu` with an alias.

        A configuration that is not passed by the call is the caller's of the same provider.
        """
        if self.caller is not None and self.call is not None and name in self.call.providers:
            return self.caller.provider_of(self.call.providers[name])
        local, dot, alias = name.partition(".")
        provider = self.module.provider_type(local)
        return self._passed_on(provider) if self.caller is not None and not alias else f"{provider}{dot}{alias}"

    def _passed_on(self, provider: str) -> str:
        """Return the name of the configuration that a provider has here when nothing is said about it."""
        if self.caller is None or self.call is None:
            return provider
        for name, given in self.call.providers.items():
            if self.module.provider_type(name) == provider:
                return self.caller.provider_of(given)
        return self.caller._passed_on(provider)

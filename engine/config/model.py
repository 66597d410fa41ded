"""A module's configuration as data. Expressions stay unevaluated; names are not looked up yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.address import ResourceAddress
from engine.config.types import NO_DEFAULTS, Defaults
from engine.diagnostics import SourceFile, SourceRange
from engine.lang.types import DYNAMIC, Type
from engine.syntax.expression import Expression


@dataclass(frozen=True, slots=True)
class Argument:
    """`name = expression` in some block."""

    name: str
    name_range: SourceRange
    expression: Expression


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
    depends_on: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class AttributePath:
    """An attribute, or a part of one, as written in `ignore_changes`."""

    steps: tuple[str | int, ...]
    range: SourceRange


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """How the instances of a resource are replaced, kept and compared."""

    create_before_destroy: bool | None = None
    prevent_destroy: bool = False
    ignore_all: bool = False
    ignore_changes: tuple[AttributePath, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceBlock:
    """A `resource` block: what its instances shall be."""

    address: ResourceAddress
    range: SourceRange  # the header, as diagnostics show it
    arguments: dict[str, Argument]
    count: Expression | None = None
    for_each: Expression | None = None
    provider: str = ""  # the local name of the provider configuration, such as `openai` or `openai.eu`
    depends_on: tuple[Expression, ...] = ()
    lifecycle: Lifecycle = field(default_factory=Lifecycle)


@dataclass(frozen=True, slots=True)
class ProviderBlock:
    """A `provider` block: how one provider is set up."""

    name: str  # `openai`, or `openai.eu` with an alias
    type: str
    range: SourceRange
    arguments: dict[str, Argument]


@dataclass(frozen=True, slots=True)
class RequiredProvider:
    """An entry of `required_providers`."""

    name: str
    source: str | None
    version: str | None
    range: SourceRange


@dataclass(slots=True)
class Module:
    """All blocks of one directory, or of one file when that is the root module."""

    files: dict[str, SourceFile] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    locals: dict[str, Local] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)
    resources: dict[str, ResourceBlock] = field(default_factory=dict)  # by `type.name`
    providers: dict[str, ProviderBlock] = field(default_factory=dict)
    required_providers: dict[str, RequiredProvider] = field(default_factory=dict)

    def provider_names(self) -> Iterator[str]:
        """Yield the name of each provider configuration in use or declared, each once."""
        yield from dict.fromkeys([*self.providers, *(block.provider for block in self.resources.values())])

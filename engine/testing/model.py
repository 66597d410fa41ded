"""A file of tests as data: `run` blocks, and what they have in common. Nothing is evaluated but what needs no names."""

from dataclasses import dataclass, field
from typing import Literal

from engine.address import Target
from engine.config.model import Argument, ModuleCall, PassedProvider, ProviderBlock, Rule
from engine.diagnostics import SourceRange
from engine.plan.stand_ins import Given
from engine.syntax.expression import Expression

Command = Literal["plan", "apply"]


@dataclass(frozen=True, slots=True)
class Override:
    """A block `override_resource`, `override_data` or `override_module`."""

    target: Target
    given: Given
    range: SourceRange
    target_range: SourceRange


@dataclass(frozen=True, slots=True)
class MockResource:
    """A block `mock_resource` or `mock_data`: what every object of a type is like. `kind` is `type` or `data.type`."""

    kind: str
    given: Given
    range: SourceRange
    type_range: SourceRange


@dataclass(frozen=True, slots=True)
class MockData:
    """What a mocked provider answers: by its own block, or by a `*.tfmock.hcl` file."""

    resources: dict[str, MockResource] = field(default_factory=dict)  # by kind
    overrides: dict[Target, Override] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MockProvider:
    """A `mock_provider` block."""

    name: str  # `openai`, or `openai.eu` with an alias
    range: SourceRange
    data: MockData  # what its folder of `*.tfmock.hcl` files says included


@dataclass(frozen=True, slots=True)
class Planning:
    """A block `plan_options`: how a run plans. Addresses are as written, for they are checked when it is their turn."""

    refresh_only: bool = False
    refresh: bool = True
    targets: tuple[Expression, ...] = ()
    replace: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class RunBlock:
    """A `run` block: one plan or apply, and what has to hold afterwards."""

    name: str
    range: SourceRange
    command: Command = "apply"
    planning: Planning = Planning()
    variables: dict[str, Argument] = field(default_factory=dict)
    overrides: dict[Target, Override] = field(default_factory=dict)
    providers: tuple[PassedProvider, ...] = ()
    assertions: tuple[Rule, ...] = ()
    expected_failures: tuple[Expression, ...] = ()
    module: ModuleCall | None = None  # another module to run than the one that the tests are for
    state_key: str | None = None

    @property
    def state(self) -> str:
        """The name of the state that the run works on, "" for that of the module which the tests are for."""
        if self.state_key is not None:
            return self.state_key
        return str(self.module.origin) if self.module is not None else ""


@dataclass(frozen=True, slots=True)
class SuiteFile:
    """A `.tftest.hcl` file. `name` is its path as people name it, relative to the root module's folder."""

    name: str
    variables: dict[str, Argument] = field(default_factory=dict)
    providers: dict[str, ProviderBlock | MockProvider] = field(default_factory=dict)
    overrides: dict[Target, Override] = field(default_factory=dict)
    runs: tuple[RunBlock, ...] = ()

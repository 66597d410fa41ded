"""What one pass through a configuration has found so far, for the parts of the planner to share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from engine.address import InstanceAddress, InstanceKey, ResourceAddress, static_address
from engine.config.model import Import, Module, Place, ResourceBlock
from engine.diagnostics import Diagnostics, Severity
from engine.events import Listener
from engine.lang.values import Value
from engine.plan.changes import Action, Change
from engine.plan.expand import Expansion
from engine.plan.modules import ModuleInstance, Modules
from engine.plan.objects import Models, Providers, Recorded
from engine.plan.options import PlanOptions
from engine.plan.reading import Reader
from engine.plan.rules import CheckBook, Kind, judge
from engine.syntax.scope import Scope

if TYPE_CHECKING:
    from engine.graph.build import Graph


@dataclass(slots=True)
class Walk:
    """The configuration, what is recorded, and what a plan has come to so far."""

    module: Module
    graph: "Graph"
    modules: Modules
    models: Models
    providers: Providers
    creating_first: frozenset[str]
    dependencies: Mapping[str, tuple[str, ...]]  # by node of a resource block
    imports: tuple[Import, ...]
    recorded: dict[str, dict[InstanceKey, Recorded]]  # by address of the resource, its module's keys included
    deposed: list[Recorded]
    options: PlanOptions
    wanted: Callable[[InstanceAddress], bool]  # whether targets leave an instance in
    reader: Reader
    checks: CheckBook
    now: float
    found: Diagnostics
    emit: Listener
    changes: dict[str, Change] = field(default_factory=dict)  # by name, in the order made
    changing: set[str] = field(default_factory=set)  # nodes of resources that something happens to
    drift: list[Change] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)  # of providers; None while unknown
    seen: dict[str, Expansion] = field(default_factory=dict)  # by address of the resource
    failed: set[str] = field(default_factory=set)  # nodes
    opened: list[tuple[str, Any]] = field(default_factory=list)  # ephemeral objects, with their provider

    def add(self, change: Change) -> None:
        """Take up the change of one object."""
        self.changes[change.name] = change
        if change.action is not Action.NO_OP:
            self.changing.add(static_address(str(change.address.resource)))

    @property
    def condition_severity(self) -> Severity:
        """How bad a broken condition of a resource or output is: a plan that only looks does not stop at it."""
        return Severity.WARNING if self.options.mode == "refresh-only" else Severity.ERROR


@dataclass(frozen=True, slots=True)
class Site:
    """A resource block in one instance of its module."""

    node: str
    place: Place
    instance: ModuleInstance
    block: ResourceBlock

    @property
    def address(self) -> ResourceAddress:
        """The resource's address with the keys of its module."""
        return replace(self.block.address, module=self.instance.path)

    @property
    def provider(self) -> str:
        """The name of the provider configuration, as the root module calls it."""
        return self.place.provider_of(self.block.provider)

    def scope(self, names: dict[str, Value]) -> Scope:
        """Return what the arguments of one instance see; `names` are what `each` and `count` are."""
        return self.instance.scope.with_roots(**names) if names else self.instance.scope


def check_conditions(
    walk: Walk, site: Site, address: InstanceAddress, kind: Kind, scope: Scope, self_value: Value | None = None
) -> bool:
    """Note what the conditions of one instance come to; return whether none of them stops it."""
    lifecycle = site.block.lifecycle
    rules = lifecycle.preconditions if kind is Kind.PRECONDITION else lifecycle.postconditions
    if not rules:
        return True
    if self_value is not None:
        scope = scope.with_roots(self=self_value)
    severity = walk.condition_severity
    problems = Diagnostics(secrets=walk.found.secrets)
    verdicts = [judge(rule, kind, scope, problems, address=str(address), severity=severity) for rule in rules]
    walk.found.extend(problems)
    walk.checks.note(site.node, str(address), site.instance.path, address.key, verdicts)
    return not problems.has_errors


def expect_instances(walk: Walk, site: Site, expansion: Expansion) -> None:
    """Note which instances of a block there are to check."""
    if site.block.lifecycle.preconditions or site.block.lifecycle.postconditions:
        instances = [(str(site.address.instance(key)), site.instance.path, key) for key in expansion.instances]
        walk.checks.instances(site.node, instances)

"""One apply under way: what it works with, and what it has come to so far."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from engine.address import InstanceAddress, InstanceKey, static_address
from engine.apply.recorder import Recorder
from engine.config.model import Module, ResourceBlock
from engine.diagnostics import Diagnostics, error
from engine.events import Listener, OperationProgress, OperationStarted, Verb
from engine.graph.build import block_of
from engine.lang.values import Value
from engine.plan.attributes import Attributes
from engine.plan.changes import Change, Plan
from engine.plan.expand import Expansion, expand
from engine.plan.modules import ModuleInstance, Modules
from engine.plan.objects import Models, Providers
from engine.plan.rules import CheckBook, Kind, judge
from engine.syntax.scope import Scope
from state.errors import StateError

if TYPE_CHECKING:
    from engine.graph.build import Graph

PROGRESS_INTERVAL = 10.0  # seconds between two "still creating"


@dataclass(slots=True)
class Outcome:
    """What an apply came to. Addresses are those of resource instances."""

    imported: int = 0
    added: int = 0
    changed: int = 0
    destroyed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    outputs: dict[str, Value] = field(default_factory=dict)
    root: ModuleInstance | None = None  # what the expressions of the root module see


@dataclass(slots=True)
class Run:
    """One apply under way."""

    module: Module
    graph: "Graph"
    plan: Plan
    modules: Modules
    checks: CheckBook
    models: Models
    providers: Providers
    directory: Path
    recorder: Recorder
    emit: Listener
    found: Diagnostics
    stop: asyncio.Event
    connections: AsyncExitStack
    outcome: Outcome
    objects: dict[str, dict[InstanceKey, Attributes]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)  # checked provider configurations
    apis: dict[str, "asyncio.Future[Any]"] = field(default_factory=dict)
    in_flight: dict[str, Verb] = field(default_factory=dict)
    written: frozenset[str] = frozenset()  # names of the objects that the plan changes
    expansions: dict[str, Expansion] = field(default_factory=dict)  # by address of the resource

    def expansion(self, block: ResourceBlock, instance: ModuleInstance) -> Expansion:
        """Return the instances of a block in one instance of its module. Raises DiagnosticError."""
        name = instance.name(str(block.address))
        if name not in self.expansions:
            self.expansions[name] = expand(block, instance.scope)
        return self.expansions[name]

    def scope(self, address: InstanceAddress) -> Scope:
        """Return what the arguments of an instance see. Raises DiagnosticError."""
        block, instance = self.site(address)
        names = self.expansion(block, instance).instances[address.key]
        return instance.scope.with_roots(**names) if names else instance.scope

    def block(self, address: InstanceAddress) -> ResourceBlock | None:
        """Return the block of an instance, or None when it is gone from the configuration."""
        node = static_address(str(address.resource))
        if node not in self.graph:
            return None
        found = block_of(self.graph, node)
        return found.place.module.resources[found.name]

    def site(self, address: InstanceAddress) -> tuple[ResourceBlock, ModuleInstance]:
        """Return the block of an instance that is configured, and the instance of its module."""
        node = block_of(self.graph, static_address(str(address.resource)))
        instance = self.modules.instance(node.place, address.resource.module)
        return node.place.module.resources[node.name], instance

    async def api(self, name: str) -> Any:
        """Return the connection of a provider configuration, opened once whoever asks first."""
        if name not in self.apis:
            self.apis[name] = asyncio.get_running_loop().create_future()
            try:
                provider = self.providers[name.partition(".")[0]]()
                opened = provider.open(self.settings[name], self.directory)
                api = await self.connections.enter_async_context(opened)
            except BaseException as problem:
                self.apis[name].set_exception(problem)
                self.apis[name].exception()  # retrieved: nobody else may be waiting
                raise
            self.apis[name].set_result(api)
        return await self.apis[name]

    def check(self, address: InstanceAddress, kind: Kind, scope: Scope, self_value: Value | None = None) -> Diagnostics:
        """Return what the conditions of one instance have to say; what they come to is noted."""
        problems = Diagnostics(secrets=self.found.secrets)
        block = self.block(address)
        if block is None or self.plan.destroy:
            return problems
        rules = block.lifecycle.preconditions if kind is Kind.PRECONDITION else block.lifecycle.postconditions
        if not rules:
            return problems
        if self_value is not None:
            scope = scope.with_roots(self=self_value)
        verdicts = [judge(rule, kind, scope, problems, address=str(address)) for rule in rules]
        node = static_address(str(address.resource))
        self.checks.note(node, str(address), address.resource.module, address.key, verdicts)
        return problems

    @contextmanager
    def journal_problems(self) -> Iterator[None]:
        """When the journal takes no more, begin nothing new; what is in flight ends, and is in the snapshot."""
        try:
            yield
        except StateError as problem:
            self.stop.set()
            raise error(problem.summary, problem.detail) from None

    @contextmanager
    def working_on(
        self, change: Change, verb: Verb, identity: tuple[str, str] | None, started: float
    ) -> Iterator[None]:
        """Tell that an operation started, and every while that it goes on. One that is cancelled stays listed."""
        loop = asyncio.get_running_loop()
        self.emit(OperationStarted(change.address, verb, identity, change.deposed))
        self.in_flight[change.name] = verb
        timers: list[asyncio.TimerHandle] = []

        def tick() -> None:
            self.emit(OperationProgress(change.address, verb, monotonic() - started, identity, change.deposed))
            timers[:] = [loop.call_later(PROGRESS_INTERVAL, tick)]

        timers.append(loop.call_later(PROGRESS_INTERVAL, tick))
        try:
            yield
        except Exception:
            del self.in_flight[change.name]
            raise
        else:
            del self.in_flight[change.name]
        finally:
            timers.pop().cancel()

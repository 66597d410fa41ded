"""Plan and apply texts in a folder, with the stand-in provider and a real state file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.apply.run import Outcome
from engine.diagnostics import Diagnostics, SourceFile
from engine.events import Event
from engine.lang.values import Value
from engine.plan.changes import Change, Plan
from engine.plan.options import PlanOptions
from rtf import workspace
from rtf.applying import apply
from rtf.workspace import Loaded, Root, VariableSources
from state.backend import LockedState
from state.backends.local import LocalBackend
from state.replay import UnknownOutcome
from state.snapshot import Instance, Snapshot
from tests.engine.plan.things import World, loader

NOW = 1_800_000_000.0


@dataclass(slots=True)
class Bench:
    """One root module with its state. `found` is what the last step had to tell."""

    directory: Path
    world: World = field(default_factory=World)
    found: Diagnostics = field(default_factory=Diagnostics)
    events: list[Event] = field(default_factory=list)
    unknown: list[UnknownOutcome] = field(default_factory=list)

    @property
    def backend(self) -> LocalBackend:
        """The place of the state."""
        return LocalBackend(self.directory / "terraform.tfstate")

    @property
    def snapshot(self) -> Snapshot:
        """The state as stored."""
        return self.backend.read()

    def load(self, text: str) -> Loaded:
        """Put a text together."""
        root = Root(self.directory, self.directory, self.directory / "terraform.tfstate")
        return workspace.put_together(root, [SourceFile("main.tf", text)], self.found)

    def validate(self, text: str) -> Diagnostics:
        """Check a text by itself."""
        self.found = Diagnostics()
        with self.found.collecting():
            workspace.validate(self.load(text), self.found, loader(self.world))
        return self.found

    def plan(
        self,
        text: str,
        options: PlanOptions | None = None,
        *,
        destroy: bool = False,
        now: float = NOW,
        **variables: str,
    ) -> Plan:
        """Plan a text against the stored state. Raises DiagnosticError."""
        self.found = Diagnostics()
        self.world.calls.clear()
        loaded = self.load(text)
        values = self._values(loaded, variables)
        return self._plan(loaded, values, self.snapshot, destroy=destroy, now=now, options=options)

    def apply(
        self,
        text: str,
        options: PlanOptions | None = None,
        *,
        destroy: bool = False,
        now: float = NOW,
        parallelism: int = 10,
        locked: Callable[[LockedState], LockedState] = lambda locked: locked,
        notify: Callable[[str], None] = lambda text: None,
        **variables: str,
    ) -> Outcome:
        """Plan and apply a text; problems of the apply are in `found`. `locked` may stand before the state."""
        self.found = Diagnostics()
        self.world.calls.clear()
        self.world.ended.clear()
        self.events.clear()
        with self.backend.lock("test") as held:
            snapshot, self.unknown = held.read()
            loaded = self.load(text)
            values = self._values(loaded, variables)
            plan = self._plan(loaded, values, snapshot, destroy=destroy, now=now, options=options)
            return apply(
                loaded,
                plan,
                snapshot,
                locked(held),
                self.found,
                parallelism=parallelism,
                emit=self.events.append,
                notify=notify,
                load=loader(self.world),
            ).outcome

    def _values(self, loaded: Loaded, variables: Mapping[str, str]) -> dict[str, Value]:
        given = VariableSources([("var", f"{name}={text}") for name, text in variables.items()], {})
        return workspace.read_variables(loaded, given, self.found)

    def _plan(self, loaded: Loaded, variables: dict[str, Value], snapshot: Snapshot, **how: Any) -> Plan:
        destroy, options = how.pop("destroy", False), how.pop("options", None)
        options = options or PlanOptions("destroy" if destroy else "normal")
        return workspace.make_plan(loaded, variables, snapshot, self.found, options, load=loader(self.world), **how)

    def object(self, address: str, key: str | int | None = None, deposed: str | None = None) -> Instance:
        """Return one recorded object."""
        found = self.snapshot.find(address, key, deposed)
        assert found is not None, address
        return found


def actions(plan: Plan) -> dict[str, str]:
    """Return what happens to each object."""
    return {change.name: change.action.value for change in plan.changes}


def only(plan: Plan) -> Change:
    """Return the one change of a plan."""
    (change,) = plan.changes
    return change


def thing(name: str, *lines: str, type: str = "test_thing") -> str:
    """Return a resource block whose object is called like the block."""
    body = "".join(f"  {line}\n" for line in (f'name = "{name}"', *lines))
    return f'resource "{type}" "{name}" {{\n{body}}}\n'


def ticket(name: str, *lines: str) -> str:
    """Return a block of the type that is replaced before the old object goes."""
    return thing(name, *lines, type="test_ticket")

"""A plan as data: what apply will do, and all that views tell about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from engine.address import InstanceAddress
from engine.lang.values import Path, Value, wholly_known
from engine.plan.attributes import Attributes
from engine.plan.checks import CheckResult
from engine.plan.options import PlanOptions
from state.snapshot import Snapshot


class Action(Enum):
    """What happens to one object. The values are those of Terraform's JSON, joined with a slash."""

    NO_OP = "no-op"
    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    DELETE_THEN_CREATE = "delete/create"
    CREATE_THEN_DELETE = "create/delete"
    FORGET = "forget"

    @property
    def replaces(self) -> bool:
        """Whether the object is replaced by a new one."""
        return self in (Action.DELETE_THEN_CREATE, Action.CREATE_THEN_DELETE)


class Reason(Enum):
    """Why an object is replaced, deleted or read during apply, where the attributes alone do not tell."""

    CANNOT_UPDATE = "replace_because_cannot_update"
    TAINTED = "replace_because_tainted"
    EXPIRED = "replace_because_expired"
    REQUESTED = "replace_by_request"
    TRIGGERED = "replace_by_triggers"
    NO_BLOCK = "delete_because_no_resource_config"
    NO_MODULE = "delete_because_no_module"
    WRONG_REPETITION = "delete_because_wrong_repetition"
    COUNT_INDEX = "delete_because_count_index"
    EACH_KEY = "delete_because_each_key"
    NO_MOVE = "delete_because_no_move_target"
    READ_UNKNOWN = "read_because_config_unknown"
    READ_DEPENDENCY = "read_because_dependency_pending"
    READ_CHECK = "read_because_check_nested"


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """One place where an object will differ. A side is None where there is nothing."""

    path: Path
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one resource instance."""

    address: InstanceAddress
    action: Action
    provider: str  # the provider configuration's name
    before: Attributes | None = None  # as recorded
    after: Attributes | None = None  # as planned
    reason: Reason | None = None
    attributes: tuple[AttributeChange, ...] = ()
    replace_paths: tuple[Path, ...] = ()
    dependencies: tuple[str, ...] = ()  # the resource blocks it needs
    deposed: str | None = None
    expired_at: float | None = None  # Unix seconds, with Reason.EXPIRED
    previous_address: InstanceAddress | None = None  # where the object was recorded, when it has moved
    importing: str | None = None  # the id of the real object that is taken over

    @property
    def name(self) -> str:
        """The object's address, and its deposed key when it has one."""
        return f"{self.address} (deposed object {self.deposed})" if self.deposed else str(self.address)


@dataclass(frozen=True, slots=True)
class OutputChange:
    """What happens to one output of the root module. A side is None where there is no output."""

    name: str
    action: Action
    before: Value | None
    after: Value | None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class RelevantAttribute:
    """A place in a resource that the planned changes may come from, since an expression refers to it."""

    resource: str  # the address of the resource or instance referred to
    path: Path


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that apply needs besides the configuration, and everything views show."""

    lineage: str  # of the state the plan was made for
    serial: int
    changes: tuple[Change, ...] = ()
    outputs: tuple[OutputChange, ...] = ()
    variables: dict[str, Value] = field(default_factory=dict)
    timestamp: str = ""
    notices: tuple[str, ...] = ()  # what the user has to know before apply, such as which server is meant
    drift: tuple[Change, ...] = ()  # what changed outside: from what was recorded to what is there now
    relevant_attributes: tuple[RelevantAttribute, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    given: dict[str, Value] = field(default_factory=dict)  # variables as they were given, before conversion
    options: PlanOptions = field(default_factory=PlanOptions)
    complete: bool = True  # false when targets left something out
    prior: Snapshot = field(default_factory=Snapshot.empty)  # what apply begins with: moves, drift and reads included

    @property
    def destroy(self) -> bool:
        """Whether everything goes away."""
        return self.options.mode == "destroy"

    @property
    def has_changes(self) -> bool:
        """Whether apply would do anything."""
        changed = [change for change in self.outputs if change.action is not Action.NO_OP]
        if self.options.mode == "refresh-only":  # it records what is so already
            known = (change.after is not None and wholly_known(change.after) for change in changed)
            return any(known) or any(change.action is not Action.NO_OP for change in self.drift)
        moved = (change.previous_address is not None or change.importing is not None for change in self.changes)
        return bool(changed) or any(moved) or any(change.action is not Action.NO_OP for change in self.changes)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many objects are added, changed, destroyed and taken over."""

    add: int = 0
    change: int = 0
    destroy: int = 0
    imported: int = 0


def count(changes: Iterable[Change]) -> Counts:
    """Return how many objects `changes` add, change, destroy and import; a replacement adds one and destroys one."""
    changes = list(changes)
    actions = [change.action for change in changes]
    return Counts(
        add=sum(action is Action.CREATE or action.replaces for action in actions),
        change=sum(action is Action.UPDATE for action in actions),
        destroy=sum(action is Action.DELETE or action.replaces for action in actions),
        imported=sum(change.importing is not None for change in changes),
    )

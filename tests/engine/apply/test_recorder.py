import asyncio
from pathlib import Path

import pytest

from engine.address import ResourceAddress
from engine.apply.recorder import Recorder
from engine.lang.types import STRING
from engine.lang.values import NULL, SENSITIVE_MARKS, ListValue, Value, mark
from engine.plan.attributes import Attributes, propose
from engine.plan.changes import Action, Change
from engine.plan.objects import sensitive_paths
from engine.plan.outputs import output_records
from state.backends.local import LocalBackend
from state.errors import JournalError
from state.journal import Journal
from state.replay import replay
from state.snapshot import Snapshot
from tests.engine.plan.things import MODELS, Thing, World, loader

SCHEMA = Thing.schema_of_type()
ADDRESS = ResourceAddress("test_thing", "a").instance()
PROVIDER = loader(World())("test")
assert PROVIDER is not None


def attributes(**members: Value) -> Attributes:
    return {**propose({"name": "a", **members}, None, SCHEMA), "id": "id-1", "note": "n", "revision": 1}


def change(action: Action, before: Attributes | None = None, after: Attributes | None = None) -> Change:
    return Change(ADDRESS, action, "test", before, after, dependencies=("test_thing.b",))


def recorder(path: Path, snapshot: Snapshot) -> Recorder:
    assert PROVIDER is not None
    return Recorder(snapshot, Journal(path, "", 0), MODELS, {"test": PROVIDER}, frozenset({"test_thing.a"}))


def test_the_journal_alone_tells_what_the_snapshot_has(tmp_path: Path) -> None:
    keeper = recorder(tmp_path / "journal", Snapshot.empty())

    async def run() -> None:
        first = await keeper.begin(change(Action.CREATE), "create")
        await keeper.written(first, change(Action.CREATE), attributes(token=mark("t", SENSITIVE_MARKS)))
        second = await keeper.begin(change(Action.CREATE_THEN_DELETE, attributes()), "create")
        await keeper.written(second, change(Action.CREATE_THEN_DELETE), attributes(size=2), tainted=True)
        third = await keeper.begin(change(Action.CREATE_THEN_DELETE, attributes()), "delete")
        await keeper.failed(third)
        await keeper.begin(change(Action.UPDATE, attributes()), "update")

    asyncio.run(run())
    told, unknown = replay(Snapshot.empty(), (tmp_path / "journal").read_bytes())
    assert told.same_content(keeper.snapshot)
    assert [(outcome.address, outcome.action, outcome.object) for outcome in unknown] == [
        ("test_thing.a", "update", {"id": "id-1"})
    ]
    instances = keeper.snapshot.resources["test_thing.a"].instances.values()
    assert sorted((one.status or "", one.deposed is not None, one.create_before_destroy) for one in instances) == [
        ("", True, True),
        ("tainted", False, True),
    ]


def test_a_replaced_object_waits_under_a_key_until_it_is_deleted(tmp_path: Path) -> None:
    keeper = recorder(tmp_path / "journal", Snapshot.empty())
    replacing = change(Action.CREATE_THEN_DELETE, attributes())

    async def run() -> list[int]:
        await keeper.written("1", change(Action.CREATE), attributes())
        await keeper.written("2", replacing, attributes(size=2))
        both = len(keeper.snapshot.resources["test_thing.a"].instances)
        await keeper.deleted("3", replacing)
        return [both, len(keeper.snapshot.resources["test_thing.a"].instances)]

    assert asyncio.run(run()) == [2, 1]
    one = keeper.snapshot.find("test_thing.a")
    assert one is not None
    assert (one.attributes["size"], one.dependencies) == (2, ["test_thing.b"])


def test_only_what_the_configuration_made_sensitive_is_noted(tmp_path: Path) -> None:
    keeper = recorder(tmp_path / "journal", Snapshot.empty())
    hidden = attributes(
        token=mark("t", SENSITIVE_MARKS),
        content={"x": (mark(1, SENSITIVE_MARKS),)},
        labels=mark(ListValue(STRING), SENSITIVE_MARKS),
    )
    asyncio.run(keeper.written("1", change(Action.CREATE), hidden))
    one = keeper.snapshot.find("test_thing.a")
    assert one is not None
    assert sensitive_paths(one.sensitive_attributes) == [("content", "x", 0), ("labels",)]


def test_what_happened_is_known_although_the_journal_refused_it(tmp_path: Path) -> None:
    keeper = recorder(tmp_path / "no" / "journal", Snapshot.empty())
    with pytest.raises(JournalError):
        asyncio.run(keeper.written("1", change(Action.CREATE), attributes()))
    assert keeper.snapshot.find("test_thing.a") is not None


def test_what_happened_is_known_although_nobody_waited(tmp_path: Path) -> None:
    keeper = recorder(tmp_path / "journal", Snapshot.empty())

    async def run() -> None:
        task = asyncio.create_task(keeper.written("1", change(Action.CREATE), attributes()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert keeper.snapshot.find("test_thing.a") is not None


def test_an_object_that_stays_is_written_only_when_something_about_it_is_new(tmp_path: Path) -> None:
    keeper = recorder(tmp_path / "journal", Snapshot.empty())
    asyncio.run(keeper.written("1", change(Action.CREATE), attributes()))
    before = keeper.snapshot.find("test_thing.a")
    asyncio.run(keeper.kept([change(Action.NO_OP, attributes(), attributes())]))
    assert keeper.snapshot.find("test_thing.a") is before
    asyncio.run(keeper.kept([change(Action.NO_OP, attributes(), attributes(content=mark("x", SENSITIVE_MARKS)))]))
    after = keeper.snapshot.find("test_thing.a")
    assert after is not None
    assert sensitive_paths(after.sensitive_attributes) == [("content",)]


def test_outputs_are_recorded_with_their_types_and_null_ones_not_at_all() -> None:
    values = {"b": ListValue(STRING, [mark("x", SENSITIVE_MARKS)]), "a": NULL, "c": (1, True)}
    records = output_records(values, dict.fromkeys(values, True))
    assert list(records) == ["b", "c"]
    assert (records["b"].value, records["b"].type, records["b"].sensitive) == (["x"], ["list", "string"], True)
    assert (records["c"].value, records["c"].type) == ([1, True], ["tuple", ["number", "bool"]])


def test_a_state_that_was_never_written_is_left_alone_by_a_run_without_changes(tmp_path: Path) -> None:
    backend = LocalBackend(tmp_path / "terraform.tfstate")
    with backend.lock("test") as locked:
        snapshot, _ = locked.read()
        keeper = recorder(tmp_path / "journal", snapshot.copy())
        asyncio.run(keeper.kept([]))
    assert not (tmp_path / "journal").exists()

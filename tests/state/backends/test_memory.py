import asyncio

from state.backends.memory import MemoryState
from state.records import Result
from state.snapshot import Instance, ResourceHeader, Snapshot

HEADER = ResourceHeader("t", "a", 'provider["x"]')


def test_a_state_in_memory_gives_back_what_was_written() -> None:
    state = MemoryState()
    assert state.read() == (Snapshot.empty(), [])
    changed = state.read()[0].copy()
    changed.put(HEADER, Instance({"id": "1"}))
    first = state.write(changed)
    second = state.write(first)
    assert (first.serial, second.serial, bool(first.lineage)) == (1, 2, True)
    assert first.lineage == second.lineage
    assert state.read()[0].find("t.a") == Instance({"id": "1"})


def test_its_journal_leaves_nothing_behind(tmp_path: object) -> None:
    journal = MemoryState().journal(Snapshot.empty())

    async def use() -> None:
        intent = await journal.intend("t.a", "create")
        await journal.conclude(intent)

    asyncio.run(use())
    journal.append_now(Result(None, ()))
    journal.commit(1, "")
    journal.close()

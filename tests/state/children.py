"""Other processes for the tests: they do one thing with a state and talk on standard input and output."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOLD_LOCK = """
import sys
from state.backends.local import LocalBackend
with LocalBackend(sys.argv[1]).lock("OperationTypeApply"):
    print("locked", flush=True)
    sys.stdin.readline()
"""

TRY_LOCK = """
import sys
from state.backends.local import LocalBackend
from state.errors import StateLocked
try:
    with LocalBackend(sys.argv[1]).lock("OperationTypePlan"):
        print("free")
except StateLocked:
    print("held")
"""

JOURNAL_FOR_EVER = """
import asyncio, sys
from state.backends.local import LocalBackend
from state.records import InstanceChange
from tests.state.samples import CALL, instance

async def worker(journal, first):
    for number in range(first, 1_000_000, 8):
        id = await journal.intend(f"terraform_data.call[{number}]", "create")
        print("intent", number, flush=True)
        await journal.conclude(id, InstanceChange.put(CALL, instance(f"id-{number}", number)))
        print("result", number, flush=True)

async def main(state):
    journal = state.journal(state.read()[0])
    await asyncio.gather(*(worker(journal, first) for first in range(8)))

with LocalBackend(sys.argv[1]).lock("OperationTypeApply") as state:
    asyncio.run(main(state))
"""

WRITE_WITH_FULL_DISK = """
import resource, signal, sys
from state.backends.local import LocalBackend
from state.errors import StateNotSaved
from state.records import InstanceChange, Result
from tests.state.samples import CALL, instance

with LocalBackend(sys.argv[1], rescue=sys.argv[2]).lock("OperationTypeApply") as state:
    base, _ = state.read()
    journal, after = state.journal(base), base.copy()
    for number in range(60):
        after.put(CALL, instance(f"id-{number}", number))
    journal.append_now(Result(None, tuple(InstanceChange.put(CALL, i) for i in after.resources[CALL.address].instances.values())))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    try:
        state.write(after)
    except StateNotSaved as error:
        print(error.detail)
"""


def start(script: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start a child that runs one of the scripts."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )


def output_of(script: str, *arguments: str | Path) -> str:
    """Return what a child prints until it ends, which it must do in order."""
    with start(script, *arguments) as child:
        printed, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    return printed.strip()


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Have another process hold the lock of a state for a `with` block."""
    with start(HOLD_LOCK, path) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "locked\n"
        try:
            yield child
        finally:
            child.communicate("\n", timeout=60)

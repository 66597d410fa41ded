"""Fifty runs that are killed in the middle of sixty requests: nothing is lost, and nothing is made twice in silence."""

import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from state.backends.local import LocalBackend
from state.replay import UnknownOutcome, still_unknown
from state.snapshot import Snapshot
from tests.rtf.end_to_end.commands import Folder, folder
from tests.rtf.end_to_end.configurations import provider
from tests.rtf.end_to_end.servers import listing

ROUNDS = 50
OBJECTS = 60
LONGEST = (100_000, 200_000)  # bytes: about as long as the journal of a whole run, of one that replaces
UNKNOWN = re.compile(r" - create openai_realtime_client_secret\.s\[(\d+)\], begun (\S+)")
ROOT = Path(__file__).parents[3]


def configuration(base_url: str, generation: int) -> str:
    """Return sixty keys that say which they are."""
    return (
        provider(base_url)
        + f"""
resource "openai_realtime_client_secret" "s" {{
  count = {OBJECTS}
  session = {{
    type         = "realtime"
    model        = "gpt-realtime-2.1"
    instructions = "{generation}.${{count.index}}."
  }}
}}
"""
    )


@contextmanager
def emulator(here: Folder) -> Iterator[str]:
    """Serve the emulator in a process of its own, as a developer does."""
    process = here.start("emulator", "-port=0")
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.kill()
        process.communicate()


class Killer:
    """Kills applies in one folder."""

    def __init__(self, here: Folder, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._here = here
        self.journal = here.path / "terraform.tfstate.journal"
        self.said = here.path / "said"

    def apply(self, size: int, directory: Path | None = None) -> int:
        """Apply, and kill that when the journal has so many bytes; return the status."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        command = [f"-chdir={directory or self._here.path}", "apply", "-auto-approve", f"-parallelism={OBJECTS}"]
        self._process.stdin.write(json.dumps([command, str(self.said), str(self.journal), size]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def killer(here: Folder, base_url: str) -> Iterator[Killer]:
    """Start what kills, after a first apply elsewhere that nobody kills."""
    elsewhere = here.path.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "main.hcl").write_text(configuration(base_url, 0).replace(str(OBJECTS), "1"))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.rtf.end_to_end.killing"],
        cwd=ROOT,
        env=dict(here.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    made = Killer(here, process)
    try:
        assert made.apply(0, elsewhere) == 0
        yield made
    finally:
        process.kill()
        process.communicate()


def on_server(base_url: str, generation: int) -> list[tuple[str, str]]:
    """Return what was made of a generation: which object it is, and its id."""
    found = [(made["session"]["instructions"], made["session_id"]) for made in listing(base_url)["secrets"]]
    return [(name, id) for name, id in found if name.startswith(f"{generation}.")]


def recorded(here: Folder, generation: int) -> dict[str, str]:
    """Return the id of every object that state and journal tell of, by which object of a generation it is."""
    snapshot, _ = LocalBackend(here.path / "terraform.tfstate").peek()
    found: dict[str, str] = {}
    for resource in snapshot.resources.values():
        for instance in resource.instances.values():
            attributes: Any = instance.attributes
            if attributes["session"]["instructions"].startswith(f"{generation}."):
                found[attributes["session"]["instructions"]] = attributes["id"]
    return found


def test_fifty_kills_lose_nothing_and_double_nothing_in_silence(tmp_path: Path) -> None:
    here = folder(tmp_path / "work", OPENAI_API_KEY="sk-test-key-0123456789abcdef")
    seeded = random.Random(20260101)
    statuses: list[int] = []
    told_in_all = extra_in_all = generation = 0
    with emulator(here) as base_url, killer(here, base_url) as runs:
        while len(statuses) < ROUNDS:
            generation += 1
            replacing = generation % 5 == 0  # the others begin with nothing, which is quicker
            for old in [] if replacing else here.path.glob("terraform.tfstate*"):
                old.unlink()
            here.write("main.hcl", configuration(base_url, generation))
            runs.said.write_text("")
            known: dict[str, str] = {}
            for _ in range(seeded.choice((1, 1, 2, 3))):  # what takes up a killed run may be killed as well
                statuses.append(runs.apply(seeded.randrange(1, LONGEST[replacing])))
                before, known = known, recorded(here, generation)
                assert {name: known.get(name) for name in before} == before, "what was noted stays noted"

            text = runs.said.read_text() + here.ok("apply", "-auto-approve", f"-parallelism={OBJECTS}").text
            told = Counter(f"{generation}.{index}." for index, _ in set(UNKNOWN.findall(text)))
            after = recorded(here, generation)
            there = on_server(base_url, generation)
            made = Counter(name for name, _ in there)
            assert len(after) == OBJECTS
            assert {name: after[name] for name in known} == known, "what was noted is not made again"
            assert set(after.values()) <= {id for _, id in there}
            extra = Counter({name: count - 1 for name, count in made.items() if count > 1})
            assert extra <= told, "what was made without anybody noting it was told as unknown"
            told_in_all, extra_in_all = told_in_all + told.total(), extra_in_all + extra.total()
            if replacing:
                assert "Outcome unknown" not in here.ok("plan", "-detailed-exitcode").text
    assert statuses.count(-9) > ROUNDS / 2, "most of the runs were killed"
    assert told_in_all > extra_in_all > 0, "and some of them at the worst moment"


@pytest.mark.parametrize("flags", [[], ["-json"]], ids=["people", "machines"])
def test_what_is_unknown_is_told_before_anything_else_is_done(tmp_path: Path, flags: list[str]) -> None:
    here = folder(tmp_path / "work")
    here.write("main.hcl", 'resource "terraform_data" "a" {}\n')
    left = [UnknownOutcome("terraform_data.a", "create", "2026-01-02T03:04:05.6Z")]
    (here.path / "terraform.tfstate.journal").write_bytes(still_unknown(Snapshot.empty(), left))
    out = here.ok("apply", "-auto-approve", *flags).out
    assert 0 < out.index("Outcome unknown") < out.index("terraform_data.a: ")
    assert out.count("create terraform_data.a, begun 2026-01-02T03:04:05.6Z") == 1
    assert "Outcome unknown" not in here.ok("plan").text

"""States and configuration files that cannot be used: told, never overwritten, never waited for."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rtf.end_to_end.commands import Folder
from tests.rtf.end_to_end.configurations import provider, secret
from tests.rtf.end_to_end.servers import listing
from tests.rtf.end_to_end.test_bad_configuration import told

STATE = "terraform.tfstate"
COMMANDS = [("plan",), ("apply", "-auto-approve"), ("destroy", "-auto-approve"), ("show",), ("show", "-json"), ("output",), ("state", "list")]  # fmt: skip


@pytest.fixture
def applied(here: Folder, server: str) -> Folder:
    """A folder with a secret in its state."""
    here.write("main.hcl", provider(server) + secret())
    here.ok("apply", "-auto-approve")
    return here


def truncated(state: bytes) -> bytes:
    return state[: len(state) // 2]


def newer(state: bytes) -> bytes:
    return json.dumps({**json.loads(state), "version": 5}).encode()


def with_another_shape(state: bytes) -> bytes:
    return json.dumps({**json.loads(state), "resources": "none"}).encode()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        pytest.param(lambda state: b"not a state", "tfstate", id="not JSON"),
        pytest.param(truncated, "tfstate", id="cut short"),
        pytest.param(newer, "state format 5; this program reads format 4", id="of a newer version"),
        pytest.param(with_another_shape, "resources", id="with a field of the wrong type"),
        pytest.param(lambda state: b"\x00\xff" * 500, "tfstate", id="binary"),
    ],
)
def test_a_state_that_cannot_be_read_is_told_and_left_alone(
    damage: Callable[[bytes], bytes], words: str, command: tuple[str, ...], applied: Folder, server: str
) -> None:
    file = applied.path / STATE
    damaged = damage(file.read_bytes())
    file.write_bytes(damaged)
    requests = listing(server)["counts"]["requests"]
    assert words in told(applied.run(*command))
    assert file.read_bytes() == damaged
    assert listing(server)["counts"]["requests"] == requests


@pytest.mark.parametrize("text", ["", "\n"], ids=["empty", "blank"])
def test_an_empty_state_is_no_state(text: str, here: Folder, server: str) -> None:
    here.write("main.hcl", provider(server) + secret())
    here.write(STATE, text)
    run = here.run("plan")
    assert "Plan: 1 to add" in run.out or "tfstate" in told(run)


def a_file(path: Path) -> None:
    path.write_text("not a directory")


def a_loop(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(lambda path: path.mkdir(), "it is a directory", id="a directory"),
        pytest.param(a_loop, "round in a circle", id="a loop of links"),
        pytest.param(lambda path: os.mkfifo(path), "is a pipe, a socket or a device", id="a pipe"),
        pytest.param(lambda path: path.symlink_to("/dev/full"), "is a pipe, a socket or a device", id="a device"),
        pytest.param(lambda path: path.symlink_to("/proc/no/such/place"), "does not exist", id="a link to a place that cannot be written"),
    ],
)  # fmt: skip
def test_a_place_that_cannot_hold_a_state_is_told_before_anything_is_made(
    make: Callable[[Path], None], words: str, here: Folder, server: str
) -> None:
    here.write("main.hcl", provider(server) + secret())
    make(here.path / STATE)
    assert words in told(here.run("apply", "-auto-approve"))
    assert listing(server)["counts"]["requests"] == 0


@pytest.mark.parametrize("out", ["main.hcl/x.tfplan", "no/such/x.tfplan", "/dev/full/x.tfplan"])
def test_a_plan_that_cannot_be_saved_is_told(out: str, here: Folder, server: str) -> None:
    here.write("main.hcl", provider(server) + secret())
    assert "Error: Failed to write plan file" in told(here.run("plan", f"-out={out}"))


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 4)


def latin(path: Path) -> None:
    path.write_bytes('# caf\u00e9\nlocals {}\nx = "\u00e9"\n'.encode("latin-1"))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(a_pipe, '"extra.hcl" is not a regular file', id="a pipe"),
        pytest.param(lambda path: path.symlink_to("/dev/zero"), '"extra.hcl" is not a regular file', id="a device without an end"),
        pytest.param(a_loop, '"extra.hcl" could not be read', id="a loop of links"),
        pytest.param(lambda path: path.symlink_to("gone.hcl"), '"extra.hcl" could not be read', id="a link to nothing"),
        pytest.param(binary, '"extra.hcl" is not UTF-8 text: line 2', id="binary"),
        pytest.param(latin, '"extra.hcl" is not UTF-8 text: line 1', id="another encoding"),
        pytest.param(lambda path: path.write_bytes(b"x = 1\x00\n"), "extra.hcl:1:6", id="a NUL"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["validate", "plan"])
def test_a_configuration_file_that_cannot_be_read_is_told(
    command: str, make: Callable[[Path], None], words: str, here: Folder
) -> None:
    here.write("main.hcl", "locals {}\n")
    make(here.path / "extra.hcl")
    assert words in told(here.run(command))


def test_no_configuration_is_told(here: Folder) -> None:
    assert "Error: No configuration files" in told(here.run("plan"))


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["no mark", "byte order mark"])
def test_marks_and_line_ends_of_other_systems_change_nothing(start: str, end: str, here: Folder, server: str) -> None:
    here.write("main.hcl", start + (provider(server) + secret()).replace("\n", end))
    here.ok("apply", "-auto-approve")
    made = here.objects()["openai_realtime_client_secret.web"]
    assert made["session"]["instructions"] == "Be kind."


def test_a_configuration_far_away_is_found_with_chdir(here: Folder, server: str) -> None:
    there = here.path / "a" / "b"
    there.mkdir(parents=True)
    (there / "main.hcl").write_text(provider(server) + secret())
    here.ok("-chdir=a/b", "apply", "-auto-approve")
    assert (there / STATE).exists()
    assert not (here.path / STATE).exists()

"""The database: what is kept, from whom, for how long, and what is never written."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from providers.openai.emulator import DatabaseUnusable, create_app
from tests.providers.openai.emulator.support import CALLS, KEY, OFFER, SECRETS, SESSIONS, Clock, ask, call, objects


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "emulator.sqlite"


def new_call(app: Any) -> str:
    location: str = call(app, {"type": "realtime"}).headers["location"]
    return location


def test_objects_outlive_the_application(database: Path) -> None:
    first = create_app(database, clock=Clock())
    secret = ask(first, SECRETS, json={}).json()["value"]
    location = new_call(first)
    second = create_app(database, clock=Clock())
    assert objects(second) == objects(first)
    assert ask(second, CALLS, key=secret, content=OFFER, headers={"Content-Type": "application/sdp"}).status_code == 201
    assert ask(second, f"{location}/hangup").status_code == 200
    assert ask(first, f"{location}/hangup").status_code == 404


def test_an_application_without_a_database_begins_with_nothing() -> None:
    new_call(create_app())
    assert objects(create_app())["counts"] == {"requests": 0, "secrets": 0, "calls": {"live": 0, "ended": 0}}


@pytest.mark.parametrize("mode", [None, 0o644])
def test_the_file_is_for_its_owner_alone(database: Path, mode: int | None) -> None:
    if mode is not None:
        database.touch(mode)
    new_call(create_app(database))
    assert database.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in database.parent.iterdir()] == [database.name]


def test_nothing_secret_is_written(database: Path) -> None:
    app = create_app(database)
    tool = {"type": "mcp", "server_label": "x", "server_url": "https://example.com", "authorization": "hush-authorization", "headers": {"X": "hush-header"}}  # fmt: skip
    session = {"type": "realtime", "tools": [tool]}
    values = [
        ask(app, SECRETS, json={"session": session}).json()["value"],
        ask(app, SESSIONS, json={}).json()["client_secret"]["value"],
    ]
    answer = call(app, session, OFFER + "a=ice-pwd:hush-password\r\n").text
    written = b"".join(path.read_bytes() for path in database.parent.iterdir())
    assert b"https://example.com" in written
    hidden = [*values, KEY, "hush-authorization", "hush-header", "hush-password", "v=0", *answer.splitlines()]
    assert not [text for text in hidden if text.encode() in written]


def test_what_is_over_is_forgotten_an_hour_later() -> None:
    clock = Clock()
    app = create_app(clock=clock)
    ask(app, SECRETS, json={"expires_after": {"seconds": 10}})
    ask(app, f"{new_call(app)}/hangup")
    new_call(app)
    clock.now += 3600
    ask(app, SESSIONS, json={})
    assert objects(app)["counts"] == {"requests": 5, "secrets": 2, "calls": {"live": 0, "ended": 1}}
    clock.now += 3600
    ask(app, SESSIONS, json={})
    assert objects(app)["counts"] == {"requests": 6, "secrets": 2, "calls": {"live": 0, "ended": 0}}


def test_a_file_of_something_else_is_left_alone(database: Path) -> None:
    database.write_text("a diary, and no database at all\n" * 100)
    with pytest.raises(DatabaseUnusable, match="not a database of the emulator"):
        create_app(database)
    assert database.read_text().startswith("a diary")


def test_a_file_of_a_newer_emulator_is_left_alone(database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    with pytest.raises(DatabaseUnusable, match="schema 7"):
        create_app(database)


def test_a_folder_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        create_app(tmp_path / "missing" / "emulator.sqlite")


MAKE_SECRETS = """
import sys
from pathlib import Path
from providers.openai.emulator import create_app
from tests.providers.openai.emulator.support import SECRETS, ask
app = create_app(Path(sys.argv[1]))
for _ in range(20):
    assert ask(app, SECRETS, json={}).status_code == 200
"""


def test_several_processes_share_a_database(database: Path) -> None:
    command = [sys.executable, "-c", MAKE_SECRETS, str(database)]
    root = Path(__file__).parents[4]
    started = [subprocess.Popen(command, cwd=root) for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
    listed = objects(create_app(database))
    assert listed["counts"]["secrets"] == listed["counts"]["requests"] == 60
    assert len({secret["session_id"] for secret in listed["secrets"]}) == 60


def test_sessions_are_kept_as_they_were_answered(database: Path) -> None:
    app = create_app(database)
    answer = ask(app, SECRETS, json={"session": {"type": "realtime", "instructions": "Grüß Gott 👋"}}).json()
    connection = sqlite3.connect(database)
    [(session,)] = connection.execute("SELECT session FROM secrets").fetchall()
    connection.close()
    assert json.loads(session) == answer["session"]

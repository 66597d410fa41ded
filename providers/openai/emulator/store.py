"""Keep what the emulator has made: secrets, calls and how often it was asked, in one SQLite database.

Several processes may share the file. Only digests of secrets, offers and bodies are written; sessions are kept
as they were answered, without the credentials of tools. What is long over is forgotten as new things come.
"""

import hashlib
import json
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CALL_SECONDS = 3600
REMEMBERED_SECONDS = 3600  # how long something that is over still shows up in listings
BUSY_SECONDS = 30.0
SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE secrets (
    digest TEXT PRIMARY KEY, kind TEXT, session_id TEXT, session TEXT, request_sha256 TEXT,
    created_at REAL, expires_at INTEGER
) STRICT;
CREATE TABLE calls (
    id TEXT PRIMARY KEY, session TEXT, sdp_sha256 TEXT, created_at REAL, ends_at REAL, ended_at REAL
) STRICT;
CREATE TABLE requests (line TEXT, status INTEGER, count INTEGER, PRIMARY KEY (line, status)) STRICT;
"""


class DatabaseUnusable(Exception):
    """The file cannot be the emulator's database; the message says why."""


@dataclass(frozen=True, slots=True)
class Secret:
    """An ephemeral key, known by its digest alone, and the session that it opens."""

    digest: str
    kind: str  # the endpoint that made it: client_secret or session
    session: Mapping[str, Any]
    request_sha256: str
    created_at: float
    expires_at: int


@dataclass(frozen=True, slots=True)
class Call:
    """One call, from its creation until it is hung up or its hour is over."""

    id: str
    session: Mapping[str, Any]
    sdp_sha256: str
    created_at: float


def digest(content: bytes | str) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


class Store:
    """The objects of one database file, readable by its owner alone, or of this process when `path` is None."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            _make_private(path)
        self._lock = threading.Lock()
        self._connection = _connect(path)
        self.close = weakref.finalize(self, self._connection.close)

    def add_secret(self, secret: Secret) -> None:
        """Keep a new secret."""
        row = (
            secret.digest,
            secret.kind,
            secret.session.get("id"),
            json.dumps(secret.session),
            secret.request_sha256,
            secret.created_at,
            secret.expires_at,
        )
        with self._transaction() as connection:
            _forget(connection, secret.created_at)
            connection.execute("INSERT INTO secrets VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def session_of(self, value: str, now: float) -> dict[str, Any] | None:
        """Return the session that the secret `value` opens, or None when there is no such secret any more."""
        query = "SELECT session FROM secrets WHERE digest = ? AND expires_at > ?"
        with self._transaction() as connection:
            row = connection.execute(query, (digest(value), now)).fetchone()
        return None if row is None else json.loads(row[0])

    def add_call(self, call: Call) -> None:
        """Keep a new call, live from now on."""
        ends_at = call.created_at + CALL_SECONDS
        row = (call.id, json.dumps(call.session), call.sdp_sha256, call.created_at, ends_at, None)
        with self._transaction() as connection:
            _forget(connection, call.created_at)
            connection.execute("INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?)", row)

    def end_call(self, id: str, now: float) -> bool:
        """End a live call. Of several who try, one is told True."""
        query = "UPDATE calls SET ended_at = ? WHERE id = ? AND ended_at IS NULL AND ends_at > ?"
        with self._transaction() as connection:
            return connection.execute(query, (now, id, now)).rowcount == 1

    def count_request(self, line: str, status: int) -> None:
        """Remember that one more request was answered with `status`; 0 stands for no answer."""
        query = (
            "INSERT INTO requests VALUES (?, ?, 1) ON CONFLICT (line, status) DO UPDATE SET count = requests.count + 1"
        )
        with self._transaction() as connection:
            connection.execute(query, (line, status))

    def listing(self, now: float) -> dict[str, list[dict[str, Any]]]:
        """Return everything known, oldest first. No member is a secret."""
        live = "CASE WHEN ended_at IS NULL AND ends_at > ? THEN 'live' ELSE 'ended' END AS status"
        valid = "CASE WHEN expires_at > ? THEN 'valid' ELSE 'expired' END AS status"
        calls = f"SELECT id, {live}, created_at, ends_at, ended_at, sdp_sha256, session FROM calls ORDER BY rowid"  # noqa: S608
        secrets = (
            f"SELECT kind, session_id, {valid}, created_at, expires_at, request_sha256, session "  # noqa: S608
            "FROM secrets ORDER BY rowid"
        )
        requests = "SELECT line AS request, status, count FROM requests ORDER BY line, status"
        with self._transaction() as connection:
            return {
                "requests": _rows(connection.execute(requests)),
                "secrets": _rows(connection.execute(secrets, (now,))),
                "calls": _rows(connection.execute(calls, (now,))),
            }

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _transaction(self._connection) as connection:
            yield connection


def _make_private(path: Path) -> None:
    """Create the file for its owner alone, or take other people's rights away from the one that is there."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(handle, 0o600)
    finally:
        os.close(handle)


def _connect(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(path or ":memory:", BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        # Other processes see what was written even when this one is killed; only a power cut may lose it.
        connection.execute("PRAGMA synchronous = OFF")
        with _transaction(connection):
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                _create_tables(connection)
            elif version != SCHEMA_VERSION:
                raise DatabaseUnusable(f"{path} was written by another version of the emulator (schema {version}).")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise DatabaseUnusable(f"{path} is not a database of the emulator: {error}.") from error
    except DatabaseUnusable:
        connection.close()
        raise
    return connection


def _create_tables(connection: sqlite3.Connection) -> None:
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _forget(connection: sqlite3.Connection, now: float) -> None:
    past = now - REMEMBERED_SECONDS
    connection.execute("DELETE FROM secrets WHERE expires_at <= ?", (past,))
    connection.execute("DELETE FROM calls WHERE min(ends_at, coalesce(ended_at, ends_at)) <= ?", (past,))


def _rows(cursor: sqlite3.Cursor) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    for row in rows:
        if "session" in row:
            row["session"] = json.loads(row["session"])
    return rows

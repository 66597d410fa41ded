"""Who holds a state: the note that a holder leaves for others, as Terraform 1.11 writes it.

Only the note's text is made and read here. Taking the lock and placing the note is `state.lock`'s work.
"""

import json
import os
import pwd
import time
import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LockInfo:
    """One holder of a lock. The fields have the names and the order that they have in the file."""

    id: str
    operation: str  # OperationTypePlan, OperationTypeApply, state-mv, ...
    info: str
    who: str  # user@host
    version: str
    created: str  # RFC 3339, UTC
    path: str

    def text(self) -> str:
        """Return what people are told about the holder, one field a line."""
        fields = {
            "ID": self.id,
            "Path": self.path,
            "Operation": self.operation,
            "Who": self.who,
            "Version": self.version,
            "Created": self.created,
            "Info": self.info,
        }
        return "\n".join(f"  {name + ':':<10} {value}".rstrip() for name, value in fields.items())


def new_lock_info(operation: str, path: str, version: str) -> LockInfo:
    """Return the note of this process for an operation that begins now."""
    return LockInfo(str(uuid.uuid4()), operation, "", _who(), version, timestamp(time.time_ns()), path)


def encode_lock_info(info: LockInfo) -> bytes:
    """Return the note as one compact JSON object without a line end."""
    members = {
        "ID": info.id,
        "Operation": info.operation,
        "Info": info.info,
        "Who": info.who,
        "Version": info.version,
        "Created": info.created,
        "Path": info.path,
    }
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def decode_lock_info(data: bytes) -> LockInfo | None:
    """Return the holder that a note names, or None when the note cannot be read or has no ID."""
    try:
        members = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(members, dict) or not members.get("ID"):
        return None
    names = ("ID", "Operation", "Info", "Who", "Version", "Created", "Path")
    return LockInfo(*(str(members.get(name, "")) for name in names))


def timestamp(nanoseconds: int) -> str:
    """Return a time since 1970 as Go prints one: UTC, the fraction without trailing zeros."""
    seconds, fraction = divmod(nanoseconds, 1_000_000_000)
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    digits = f"{fraction:09d}".rstrip("0")
    return f"{whole}.{digits}Z" if digits else f"{whole}Z"


def _who() -> str:
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user often has no entry
        user = str(os.getuid())
    return f"{user}@{os.uname().nodename}"

"""Run the provisioners of an object: commands on this machine, line by line into the events.

They run when an object was made, and before it goes. What they are told may be secret: then nothing of what they write
is shown.
"""

import asyncio
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from engine.address import InstanceAddress, InstanceKey
from engine.config.model import Provisioner
from engine.diagnostics import DiagnosticError, Diagnostics, error
from engine.events import Listener, ProvisionFinished, ProvisionOutput, ProvisionStarted
from engine.lang.values import EPHEMERAL, SENSITIVE, Value, has_mark
from engine.plan.attributes import to_plain
from engine.plan.provisioners import check_kind, provisioner_arguments
from engine.syntax.scope import Scope

_SHELL = ["cmd", "/C"] if os.name == "nt" else ["/bin/sh", "-c"]
_LONGEST_LINE = 1 << 16
_LONGEST_OUTPUT = 1 << 16  # characters kept for the message of a command that fails


async def provision(
    provisioners: Iterable[Provisioner],
    address: InstanceAddress,
    scope: Scope,
    directory: Path,
    found: Diagnostics,
    emit: Listener,
) -> None:
    """Run provisioners one after the other. Raises DiagnosticError at the first that fails and may not."""
    for provisioner in provisioners:
        problems = Diagnostics(secrets=found.secrets)
        emit(ProvisionStarted(address, provisioner.type))
        try:
            if check_kind(provisioner, problems):
                arguments = provisioner_arguments(provisioner, scope, problems, str(address))
                problems.raise_errors()
                await _local_exec(provisioner, arguments, address, directory, emit)
            problems.raise_errors()
        except DiagnosticError as problem:
            emit(ProvisionFinished(address, provisioner.type, failed=True))
            if not provisioner.may_fail:
                raise DiagnosticError(*(replace(item, address=str(address)) for item in problem.diagnostics)) from None
        else:
            emit(ProvisionFinished(address, provisioner.type))


def repetition(key: InstanceKey) -> dict[str, Value]:
    """Return what a provisioner that runs before an object goes may know of its key."""
    if key is None:
        return {}
    return {"count": {"index": key}} if isinstance(key, int) else {"each": {"key": key}}


async def _local_exec(
    provisioner: Provisioner, arguments: Mapping[str, Value], address: InstanceAddress, directory: Path, emit: Listener
) -> None:
    plain = {name: to_plain(value) for name, value in arguments.items()}
    hidden = any(has_mark(value, SENSITIVE) or has_mark(value, EPHEMERAL) for value in arguments.values())
    command = plain["command"]
    if not command:
        raise error("local-exec provisioner error", "The command is empty.", provisioner.missing_range)
    words = [*(plain.get("interpreter") or _SHELL), command]

    def tell(line: str) -> None:
        emit(ProvisionOutput(address, provisioner.type, line))

    if plain.get("quiet"):
        tell("local-exec: Executing: Suppressed by quiet=true")
    elif hidden:
        tell("(output suppressed due to sensitive value in config)")
    else:
        listed = " ".join(json.dumps(word, ensure_ascii=False) for word in words)
        tell(f"Executing: [{listed}]")
    written: list[str] = []
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=directory / plain["working_dir"] if plain.get("working_dir") else directory,
            env={**os.environ, **(plain.get("environment") or {})},
            limit=_LONGEST_LINE,
        )
    except (OSError, ValueError) as problem:
        detail = f"The command could not be started: {problem}."
        raise error("local-exec provisioner error", detail, provisioner.missing_range) from None
    try:
        await _follow(process, written, None if hidden else tell)
        status = await process.wait()
    except BaseException:
        process.terminate()
        raise
    if status:
        what = "(output suppressed due to sensitive value in config)" if hidden else "".join(written).strip()
        shown = "(hidden)" if hidden else command
        how = f"exit status {status}" if status > 0 else f"signal {-status}"
        detail = f"Error running command '{shown}': {how}. Output: {what}"
        raise error("local-exec provisioner error", detail, provisioner.missing_range)


async def _follow(process: asyncio.subprocess.Process, written: list[str], tell: Callable[[str], None] | None) -> None:
    """Hand on each line as it comes, until the command closes its output."""
    kept = 0
    stream = process.stdout
    while stream is not None:
        try:
            line = await stream.readuntil(b"\n")
        except asyncio.IncompleteReadError as end:
            line = end.partial
        except asyncio.LimitOverrunError:
            line = await stream.read(_LONGEST_LINE)
        if not line:
            return
        text = line.decode(errors="replace")
        if kept < _LONGEST_OUTPUT:
            written.append(text)
            kept += len(text)
        if tell is not None and text.strip():
            tell(text.rstrip("\r\n"))

"""What a `provisioner` block may hold, and its arguments with values. `engine.apply` runs it."""

from collections.abc import Mapping
from typing import Any

from engine.config.model import Provisioner
from engine.diagnostics import Diagnostics, error
from engine.plan.attributes import Attributes
from engine.plan.configured import configure
from engine.syntax.scope import Scope
from providers.resource import Block
from providers.schema import schema_of


class LocalExec(Block):
    """A command on this machine."""

    command: str
    interpreter: list[str] | None = None
    working_dir: str | None = None
    environment: dict[str, str] | None = None
    quiet: bool | None = None


KINDS: Mapping[str, type[Block]] = {"local-exec": LocalExec}

_ELSEWHERE = ("file", "remote-exec")


def check_kind(provisioner: Provisioner, found: Diagnostics) -> bool:
    """Report a provisioner of a kind that there is not; return whether it is one."""
    name = provisioner.type
    if name in KINDS:
        return True
    if name in _ELSEWHERE:
        detail = (
            f'rtf has no provisioner "{name}": it connects to no machines. Run ssh or scp with local-exec, or let the '
            "machine set itself up when it starts."
        )
        found.extend(error("Unsupported provisioner", detail, provisioner.type_range).diagnostics)
    else:
        detail = f'There is no provisioner called "{name}". Known is local-exec, which runs a command.'
        found.extend(error("Missing required provisioner plugin", detail).diagnostics)
    return False


def provisioner_arguments(
    provisioner: Provisioner, scope: Scope, found: Diagnostics, address: str | None = None
) -> Attributes:
    """Return the arguments of a provisioner of a known kind; what is wrong with them is added to `found`."""
    model: Any = KINDS[provisioner.type]
    return configure(
        provisioner.arguments, provisioner.range, model, schema_of(model), scope, found, address, recorded=False
    )

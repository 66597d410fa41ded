"""The flags that say what to plan, of plan, apply, destroy and refresh."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from engine.plan.options import Mode, PlanOptions
from rtf.planning import plan_options

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_MODE = "rtf.planning"  # under this name a command's context has the values of the flags here


def _keep(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    ctx.meta.setdefault(_MODE, {})[parameter.name] = value


_FLAGS: tuple[tuple[str, str, Any, str], ...] = (
    ("-refresh/-no-refresh", "refresh", True, "Look at what there is first; true unless given."),
    ("-refresh-only/-no-refresh-only", "refresh_only", False, "Only take up what changed outside, and change nothing."),
)
_ADDRESSES: tuple[tuple[str, str, str], ...] = (
    ("-target", "targets", "Plan only this object and what it needs. May be given several times."),
    ("-exclude", "excluded", "Leave out an object and what needs it. May be given several times."),
    ("-replace", "replaced", "Replace one object even if nothing else asks for it. May be given several times."),
)


def planning(command: Decorated) -> Decorated:
    """Add `-refresh`, `-refresh-only`, `-target`, `-exclude` and `-replace`; `given_options` reads them."""
    for name, parameter, text in reversed(_ADDRESSES):
        command = click.option(
            name, parameter, multiple=True, metavar="ADDRESS", callback=_keep, expose_value=False, help=text
        )(command)
    for name, parameter, default, text in reversed(_FLAGS):
        command = click.option(name, parameter, default=default, callback=_keep, expose_value=False, help=text)(command)
    return command


def targeting(command: Decorated) -> Decorated:
    """Add `-target` and `-exclude` alone."""
    for name, parameter, text in reversed(_ADDRESSES[:2]):
        command = click.option(
            name, parameter, multiple=True, metavar="ADDRESS", callback=_keep, expose_value=False, help=text
        )(command)
    return command


def given_mode() -> Mode:
    """Return the mode that the flags of the command at work name."""
    flags = click.get_current_context().meta.get(_MODE, {})
    return "refresh-only" if flags.get("refresh_only", False) else "normal"


def given_options(*, destroy: bool = False, refresh_only: bool = False) -> PlanOptions:
    """Return what the flags of the command at work ask for. Raises DiagnosticError when they contradict each other.

    `destroy` and `refresh_only` say what the command itself is for.
    """
    flags = click.get_current_context().meta.get(_MODE, {})
    return plan_options(
        destroy=destroy,
        refresh_only=refresh_only or flags.get("refresh_only", False),
        refresh=flags.get("refresh", True),
        targets=flags.get("targets", ()),
        excluded=flags.get("excluded", ()),
        replaced=flags.get("replaced", ()),
    )

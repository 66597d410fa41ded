"""The flags that say what to plan, of plan, apply, destroy and refresh."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from engine.address import AddressError, InstanceAddress, Target, parse_resource_instance, parse_target
from engine.diagnostics import error
from engine.plan.options import Mode, PlanOptions

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_TARGETS = (
    ("-replace", "replaced", "Replace one object even if nothing else asks for it. May be given several times."),
    ("-exclude", "excluded", "Leave out an object and what needs it. May be given several times."),
    ("-target", "targets", "Plan only this object and what it needs. May be given several times."),
)


def planning(command: Decorated) -> Decorated:
    """Add `-refresh`, `-refresh-only`, `-target`, `-exclude` and `-replace`; `plan_options` reads them."""
    for name, parameter, text in _TARGETS:
        command = click.option(name, parameter, multiple=True, metavar="ADDRESS", help=text)(command)
    command = click.option(
        "-refresh-only/-no-refresh-only",
        "refresh_only",
        default=False,
        help="Only take up what changed outside, and change nothing.",
    )(command)
    return click.option(
        "-refresh/-no-refresh", "refresh", default=True, help="Look at what there is first; true unless given."
    )(command)


def plan_options(
    *,
    destroy: bool = False,
    refresh: bool = True,
    refresh_only: bool = False,
    targets: tuple[str, ...] = (),
    excluded: tuple[str, ...] = (),
    replaced: tuple[str, ...] = (),
    generates: bool = False,
) -> PlanOptions:
    """Return what the flags ask for. Raises DiagnosticError when they contradict each other."""
    if destroy and refresh_only:
        detail = "The -destroy and -refresh-only options are mutually-exclusive."
        raise error("Incompatible plan mode options", detail)
    if refresh_only and not refresh:
        detail = "With -refresh-only and -refresh=false together there would be nothing to do. Give one of the two."
        raise error("Incompatible refresh options", detail)
    mode: Mode = "destroy" if destroy else "refresh-only" if refresh_only else "normal"
    if replaced and mode != "normal":
        detail = f"The -replace option is not compatible with -{mode}: nothing is replaced then."
        raise error("Unsupported plan mode", detail)
    if targets and excluded:
        detail = "The -target and -exclude options are mutually-exclusive."
        raise error("Invalid combination of arguments", detail)
    return PlanOptions(
        mode,
        refresh,
        tuple(_target(text, "target") for text in targets),
        tuple(_target(text, "exclude") for text in excluded),
        tuple(_instance(text) for text in replaced),
        generates,
    )


def _target(text: str, option: str) -> Target:
    try:
        return parse_target(text)
    except AddressError as problem:
        raise error(f'Invalid {option} "{text}"', f"{problem.summary}: {problem.detail}") from None


def _instance(text: str) -> InstanceAddress:
    try:
        address = parse_resource_instance(text)
    except AddressError as problem:
        raise error(f'Invalid force-replace address "{text}"', f"{problem.summary}: {problem.detail}") from None
    if address.resource.mode != "managed":
        detail = "Only managed resources can be used with the -replace=... option."
        raise error(f'Invalid force-replace address "{text}"', detail)
    return address

"""From a root module and what its state records to a plan that can be carried out, with the warnings that belong to it.

What the commands plan, apply, destroy and refresh and the Python interface have in common; who says what is wanted,
and who tells or returns what came of it, stays out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.address import AddressError, InstanceAddress, Target, parse_resource_instance, parse_target
from engine.diagnostics import DiagnosticError, Diagnostics, error, warning
from engine.events import Listener
from engine.lang.values import EPHEMERAL, Value, has_mark
from engine.plan.changes import Plan
from engine.plan.options import Mode, PlanOptions
from engine.plan.targeting import tell_of_targets
from rtf import workspace
from rtf.workspace import Loaded, Root, VariableSources
from state.replay import UnknownOutcome
from state.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan with what it was made from."""

    loaded: Loaded
    snapshot: Snapshot
    plan: Plan


def plan_options(
    *,
    destroy: bool = False,
    refresh_only: bool = False,
    refresh: bool = True,
    targets: Sequence[str] = (),
    excluded: Sequence[str] = (),
    replaced: Sequence[str] = (),
    at_a_time: int = 10,
) -> PlanOptions:
    """Return what is asked of a plan. Raises DiagnosticError for a wrong address, and for what contradicts itself."""
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
        at_a_time,
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


def prepare(
    root: Root,
    snapshot: Snapshot,
    given: VariableSources,
    found: Diagnostics,
    options: PlanOptions,
    *,
    emit: Listener = lambda event: None,
) -> Prepared:
    """Read the module and its variables, and plan. Raises DiagnosticError with all that is wrong."""
    loaded = workspace.load(root, found)
    variables = workspace.read_variables(loaded, given, found)
    if found.has_errors:
        workspace.validate(loaded, found)  # tell everything else that is wrong as well
    found.raise_errors()
    tell_of_targets(options, found)
    plan = _plan(loaded, variables, snapshot, found, options, emit)
    as_given = workspace.given_variables(loaded, given)
    lasting = {name: value for name, value in variables.items() if not has_mark(value, EPHEMERAL)}
    return Prepared(loaded, snapshot, replace(plan, given={**lasting, **as_given}))


def _plan(
    loaded: Loaded,
    variables: dict[str, Value],
    snapshot: Snapshot,
    found: Diagnostics,
    options: PlanOptions,
    emit: Listener,
) -> Plan:
    """Return the plan. When there is none, and the text is wrong whatever the values are, that alone is told."""
    planning = Diagnostics(secrets=found.secrets)
    try:
        return workspace.make_plan(loaded, variables, snapshot, planning, options, emit=emit)
    except DiagnosticError as problem:
        checked = Diagnostics(secrets=found.secrets)
        workspace.validate(loaded, checked)
        if checked.has_errors:
            planning.found.clear()
            raise DiagnosticError(*checked) from None
        raise problem from None
    finally:
        found.extend(planning)


def check_current(plan: Plan, snapshot: Snapshot) -> None:
    """Raise DiagnosticError when a plan was not made for the state that is there now."""
    if (plan.lineage or plan.serial) and plan.lineage != snapshot.lineage:
        detail = (
            "The given plan file can not be applied because it was created from a different state lineage: for another "
            "state than the one in use. Select the workspace that it was made in, or make a new plan."
        )
        raise error("Saved plan does not match the given state", detail)
    if plan.serial != snapshot.serial:
        detail = (
            "The given plan file can no longer be applied because the state was changed by another operation after the "
            "plan was created. Make a new plan."
        )
        raise error("Saved plan is stale", detail)


def tell_unknown(unknown: Sequence[UnknownOutcome], found: Diagnostics) -> None:
    """Add a warning that names every operation of which an earlier run did not live to note the end."""
    if not unknown:
        return
    begun = "".join(f"  - {operation.action} {operation.address}, begun {operation.time}\n" for operation in unknown)
    detail = (
        f"An earlier run ended before it heard what came of:\n{begun}"
        "It may have taken effect: look at the provider, and apply again to converge."
    )
    found.add(warning("Outcome unknown", detail))

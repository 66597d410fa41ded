"""The attributes of one object on their way through an operation: what is asked for, and what came of it."""

from typing import Any

from engine.config.model import ResourceBlock
from engine.diagnostics import Diagnostic, Diagnostics, Severity, error
from engine.lang.convert import ConversionError
from engine.lang.values import NULL, Path, Value, is_unknown, wholly_known
from engine.plan.attributes import Attributes, follow, from_plain, propose
from engine.plan.changes import Action, Change
from engine.plan.configured import configure
from engine.plan.diff import difference
from engine.plan.ignoring import ignoring
from engine.syntax.scope import Scope
from providers.checks import written
from providers.resource import Resource


def wanted_attributes(
    change: Change, model: type[Resource], block: ResourceBlock, scope: Scope, found: Diagnostics
) -> Attributes:
    """Return the planned attributes with those filled in that could not be known, or are only written.

    `scope` is that of the instance. Computed attributes that are still unknown are left out. Raises DiagnosticError;
    the secrets met on the way go to `found`.
    """
    schema = model.schema_of_type()
    planned = change.after or {}
    own = {name for name, attribute in schema.attributes.items() if not attribute.computed or attribute.optional}
    known = {name: value for name, value in planned.items() if not is_unknown(value)}
    written_only = {name for name, attribute in schema.attributes.items() if attribute.write_only}
    if all(wholly_known(value) for name, value in planned.items() if name in own) and not (
        written_only & block.arguments.keys()
    ):
        return known
    problems = Diagnostics(secrets=found.secrets)
    configured = configure(block.arguments, block.range, model, schema, scope, problems, str(change.address))
    problems.raise_errors()
    told = {name: value for name, value in configured.items() if name in written_only}
    prior = change.before if change.action is Action.UPDATE else None
    if prior is not None:
        configured = ignoring(configured, prior, block.lifecycle, schema)
    final = propose(configured, prior, schema)
    for name in own & final.keys():
        if name in planned and (place := difference(planned[name], final[name])) is not None:
            detail = (
                f'When expanding the plan for {change.address}, "{written((name, *place))}" came out different from '
                "what the plan said. This is a bug of rtf or of a function that is not what it seems; please report it."
            )
            raise error("Inconsistent final plan", detail, block.range)
    filled = {name: value for name, value in final.items() if name in own and not is_unknown(value)}
    return {**known, **filled, **told}


def made_attributes(
    change: Change, model: type[Resource], wanted: Attributes, data: dict[str, Any], block: ResourceBlock
) -> tuple[Attributes, list[Diagnostic]]:
    """Return the attributes of an object as it was made, as wanted and with what the provider added, and what is wrong
    with the answer. Whatever that is, the object exists.
    """
    attributes: Attributes = {}
    problems: list[Diagnostic] = []

    def report(summary: str, path: Path, what: str) -> None:
        detail = (
            f'The provider {change.provider} made {change.address}, but "{written(path)}" {what}. This is a bug of the '
            "provider; the object is in the state."
        )
        problems.append(Diagnostic(Severity.ERROR, summary, detail, block.range, address=str(change.address)))

    for name, attribute in model.schema_of_type().attributes.items():
        if attribute.write_only:
            attributes[name] = NULL
            continue
        if not attribute.computed:
            if name in wanted:
                attributes[name] = wanted[name]
            continue
        value = (follow(attribute.follows, wanted),) if attribute.follows else _answered(name, data, model)
        if isinstance(value, str):
            report("Provider produced invalid object", (name,), value)
            attributes[name] = (change.before or {}).get(name, NULL) if change.action is Action.UPDATE else NULL
            continue
        (attributes[name],) = value
        place = difference(wanted[name], attributes[name]) if name in wanted else None
        if place is not None:
            report("Provider produced inconsistent result after apply", (name, *place), "is not what was planned")
    return attributes, problems


def _answered(name: str, data: dict[str, Any], model: type[Resource]) -> tuple[Value] | str:
    """Return the value of a computed attribute, or what is wrong with it."""
    try:
        value = from_plain({name: data.get(name)}, model.schema_of_type())[name]
    except ConversionError as problem:
        return f"has the wrong type: {problem}"
    return (value,) if wholly_known(value) else "is still unknown"

"""One block to its instances: what `count` and `for_each` say."""

from dataclasses import dataclass

from engine.address import InstanceKey
from engine.config.model import ModuleCall, ResourceBlock
from engine.diagnostics import error
from engine.lang.convert import ConversionError, convert
from engine.lang.types import NUMBER, STRING, friendly_name
from engine.lang.values import (
    MapValue,
    SetValue,
    Unknown,
    Value,
    is_null,
    is_sensitive,
    is_unknown,
    type_of,
    unmark,
    wholly_known,
)
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.scope import Scope

MAXIMUM_INSTANCES = 1_000_000


@dataclass(frozen=True, slots=True)
class Expansion:
    """The instances of a block: for each key, the names that its body may use besides the module's own."""

    kind: str  # "single", "count" or "for_each"
    instances: dict[InstanceKey, dict[str, Value]]


def expand(block: ResourceBlock | ModuleCall, scope: Scope) -> Expansion:
    """Return the instances of a block. Raises DiagnosticError when they cannot be told yet or at all."""
    if block.count is not None:
        number = _count(block.count, evaluate(block.count, scope))
        return Expansion("count", {index: {"count": {"index": index}} for index in range(number)})
    if block.for_each is not None:
        members = expand_for_each(block.for_each, evaluate(block.for_each, scope))
        return Expansion("for_each", {key: {"each": {"key": key, "value": members[key]}} for key in sorted(members)})
    return Expansion("single", {None: {}})


def known_expansion(block: ResourceBlock | ModuleCall, scope: Scope) -> Expansion | None:
    """Return the instances of a block, or None while values from outside would be needed to tell them."""
    for expression in (block.count, block.for_each):
        if expression is not None and is_unknown(evaluate(expression, scope)):
            return None
    return expand(block, scope)


def unknown_expansion(block: ResourceBlock | ModuleCall) -> Expansion:
    """Return one instance that stands for all, for checking a block whose instances are not known."""
    if block.count is not None:
        return Expansion("count", {0: {"count": {"index": Unknown(NUMBER)}}})
    if block.for_each is not None:
        return Expansion("for_each", {"": {"each": {"key": Unknown(STRING), "value": Unknown()}}})
    return Expansion("single", {None: {}})


def _count(expression: Expression, value: Value) -> int:
    value, _ = unmark(value)
    summary = "Invalid count argument"
    if is_null(value):
        raise error(summary, 'The given "count" argument value is null. An integer is required.', expression.range)
    try:
        number = convert(value, NUMBER)
    except ConversionError as problem:
        detail = f"Invalid expression value: {problem}."
        raise error("Incorrect value type", detail, expression.range) from None
    if number.__class__ is Unknown:
        detail = (
            'The "count" value depends on resource attributes that cannot be determined until apply, so rtf cannot '
            "predict how many instances will be created."
        )
        raise error(summary, detail, expression.range)
    if number.__class__ is not int:
        detail = 'The given "count" argument value is unsuitable: a whole number is required.'
        raise error(summary, detail, expression.range)
    if number < 0:
        detail = 'The given "count" argument value is unsuitable: must be greater than or equal to zero.'
        raise error(summary, detail, expression.range)
    if number > MAXIMUM_INSTANCES:
        detail = f'The given "count" argument value is unsuitable: at most {MAXIMUM_INSTANCES:,} instances can be made.'
        raise error(summary, detail, expression.range)
    return int(number)


def expand_for_each(expression: Expression, value: Value) -> dict[str, Value]:
    """Return the members that a `for_each` argument of this value has. Raises DiagnosticError."""
    summary = "Invalid for_each argument"
    where = expression.range
    if is_sensitive(value):
        detail = (
            "Sensitive values, or values derived from sensitive values, cannot be used as for_each arguments. If used, "
            "the sensitive value could be exposed as a resource instance key."
        )
        raise error(summary, detail, where)
    value, _ = unmark(value)
    if is_null(value):
        detail = (
            'The given "for_each" argument value is unsuitable: the given "for_each" argument value is null. A map, or '
            "set of strings is allowed."
        )
        raise error(summary, detail, where)
    if is_unknown(value) or (value.__class__ is SetValue and not wholly_known(value)):
        detail = (
            'The "for_each" value includes keys derived from resource attributes that cannot be determined until '
            "apply, so rtf cannot determine the full set of keys that will identify the instances of this resource. "
            "Use keys that the configuration itself defines, and put what is known only after apply into the values."
        )
        raise error(summary, detail, where)
    if value.__class__ is dict:
        return dict(value)
    if value.__class__ is MapValue:
        return dict(value.items)
    if value.__class__ is not SetValue:
        detail = (
            'The given "for_each" argument value is unsuitable: the "for_each" argument must be a map, or set of '
            f"strings, and you have provided a value of type {friendly_name(type_of(value))}."
        )
        if friendly_name(type_of(value)) in ("tuple", "list of string"):
            detail += " Use toset() to make a set of a list."
        raise error(summary, detail, where)
    wrong = [item for item in value.items if item.__class__ is not str]
    if wrong:
        what = "null values" if is_null(wrong[0]) else f"values of type {friendly_name(type_of(wrong[0]))}"
        detail = (
            'The given "for_each" argument value is unsuitable: "for_each" supports sets of strings, but you have '
            f"provided a set containing {what}."
        )
        raise error("Invalid for_each set argument", detail, where)
    return {item: item for item in value.items}

"""What answers in place of an API: mocked providers, and objects and modules whose values were given beforehand.

Only tests have any. A stand-in decides the computed attributes and nothing else: what is configured stays as it is, and
no change replaces an object.
"""

import random
import string
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.address import InstanceAddress, ModuleAddress, ResourceAddress, Target, parse_module
from engine.diagnostics import SourceRange
from engine.lang.convert import ConversionError, convert
from engine.lang.types import (
    BOOL,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    SetOf,
    TupleOf,
    Type,
    friendly_name,
    from_notation,
)
from engine.lang.values import ListValue, MapValue, Null, SetValue, Unknown, Value, is_null, is_unknown, mark, unmark
from engine.plan.attributes import Attributes, conform, hide, propose
from providers.errors import Problem
from providers.schema import Attribute, Schema


@dataclass(frozen=True, slots=True)
class Given:
    """Values of computed attributes, or of a module's outputs, by name. What is not among them is made up."""

    values: Mapping[str, Value] = field(default_factory=dict)
    range: SourceRange | None = None  # where they are written
    during_plan: bool = False  # known in a plan already; else only after apply, as from a real provider


@dataclass(frozen=True, slots=True)
class Mock:
    """A provider configuration with no API behind it. `defaults` are by kind of type, `overrides` by target."""

    defaults: Mapping[str, Given] = field(default_factory=dict)
    overrides: Mapping[Target, Given] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StandIns:
    """All stand-ins of a plan and its apply. `mocks` are by name of the provider configuration."""

    overrides: Mapping[Target, Given] = field(default_factory=dict)
    mocks: Mapping[str, Mock] = field(default_factory=dict)

    def override_of(self, address: InstanceAddress, provider: str) -> Given | None:
        """Return what is given for one object or its resource: by the test, or else by the mocked provider."""
        mock = self.mocks.get(provider, Mock())
        targets: tuple[InstanceAddress | ResourceAddress, ...] = (address, address.resource)
        for target in targets:
            for overrides in (self.overrides, mock.overrides):
                if target in overrides:
                    return overrides[target]
        return None

    def of(self, address: InstanceAddress, provider: str) -> Given | None:
        """Return what stands in for one object, None when its provider is asked."""
        given = self.override_of(address, provider)
        if given is not None or provider not in self.mocks:
            return given
        return self.mocks[provider].defaults.get(address.resource.kind, Given())

    def outputs_of(self, module: str) -> Mapping[str, Value] | None:
        """Return the outputs of an instance of a module that is not gone into, None for every other."""
        steps = parse_module(module).steps if self.overrides else ()
        if not steps:
            return None
        whole = (*steps[:-1], (steps[-1][0], None))
        given = self.overrides.get(ModuleAddress(steps)) or self.overrides.get(ModuleAddress(whole))
        return None if given is None else given.values


NO_STAND_INS = StandIns()


def planned_by(
    given: Given, configured: Attributes, prior: Attributes | None, schema: Schema
) -> tuple[Attributes, list[Problem]]:
    """Return the planned attributes of an object that `given` stands in for, and what is wrong with the given values.

    Computed attributes stay as they were recorded; those of a new object are unknown, or as given when that is for
    plans as well.
    """
    planned = propose(configured, prior, schema)
    for name, attribute in schema.attributes.items():
        if not attribute.computed or not is_null(configured.get(name, Null())):
            continue
        if prior is not None and name in prior:
            planned[name] = prior[name]
        else:
            planned[name] = _hidden(Unknown(from_notation(attribute.type), not_null=attribute.not_null), attribute)
    return filled(given, planned, schema) if given.during_plan else (planned, [])


def filled(given: Given, attributes: Attributes, schema: Schema) -> tuple[Attributes, list[Problem]]:
    """Return `attributes` with a value for each computed one that has none yet, and what is wrong with those given."""
    whole = dict(attributes)
    problems: list[Problem] = []
    for name, attribute in schema.attributes.items():
        if attribute.computed and (name not in whole or is_unknown(whole[name])):
            whole[name] = _hidden(_value(given, attribute, problems), attribute)
    return whole, problems


def _hidden(value: Value, attribute: Attribute) -> Value:
    return hide(value) if attribute.sensitive else value


def _value(given: Given, attribute: Attribute, problems: list[Problem]) -> Value:
    wanted = from_notation(attribute.type)
    if attribute.name not in given.values:
        return _fitted(made_up(wanted), attribute)
    try:
        return _fitted(_completed(given.values[attribute.name], wanted), attribute)
    except ConversionError as problem:
        detail = (
            f"rtf could not compute a value for the target type {friendly_name(wanted)} with the mocked data defined "
            f'at {given.range} with the attribute "{attribute.name}": {problem}.'
        )
        problems.append(Problem("Failed to compute attribute", detail))
        return _fitted(made_up(wanted), attribute)


def _fitted(value: Value, attribute: Attribute) -> Value:
    """Return a value in the form that attributes have. Raises ConversionError when it does not fit."""
    if attribute.nested is None:
        return convert(value, from_notation(attribute.type))
    problems: list[Problem] = []
    fitted = conform({attribute.name: value}, Schema({attribute.name: attribute}), problems)
    if problems:
        raise ConversionError(problems[0].detail.rstrip("."))
    return fitted[attribute.name]


def _completed(value: Value, wanted: Type) -> Value:
    """Return a given value with made-up attributes in its objects where some are missing."""
    plain, marks = unmark(value)
    if isinstance(wanted, ObjectOf) and plain.__class__ is dict:
        members = {
            name: _completed(plain[name], type) if name in plain else made_up(type)
            for name, type in wanted.attributes.items()
        }
        return mark(members, marks)
    if isinstance(wanted, ListOf | SetOf) and plain.__class__ is tuple:
        return mark(tuple(_completed(item, wanted.element) for item in plain), marks)
    if isinstance(wanted, MapOf) and plain.__class__ is dict:
        return mark({key: _completed(item, wanted.element) for key, item in plain.items()}, marks)
    return value


_CHARACTERS = string.ascii_lowercase + string.digits


def made_up(type: Type) -> Value:
    """Return a value of a type that nobody gave one for: eight random characters, zero, false, or nothing inside."""
    match type:
        case ListOf(element):
            return ListValue(element)
        case SetOf(element):
            return SetValue(element)
        case MapOf(element):
            return MapValue(element)
        case TupleOf(elements):
            return tuple(made_up(element) for element in elements)
        case ObjectOf(attributes):
            return {name: made_up(inner) for name, inner in attributes.items()}
    if type == STRING:
        return "".join(random.choices(_CHARACTERS, k=8))  # noqa: S311 - nobody keeps a secret with it
    return 0 if type == NUMBER else False if type == BOOL else Null()

"""Data sources and ephemeral resources: read or opened while planning, as far as what they ask for is known.

A data source whose arguments are unknown, or that depends on something about to change, is read during apply.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.address import InstanceAddress, InstanceKey
from engine.diagnostics import Diagnostic, Diagnostics, Severity
from engine.events import OperationFinished, OperationStarted
from engine.graph.build import explicit_dependencies
from engine.lang.convert import ConversionError
from engine.lang.values import EPHEMERAL_MARKS, Value, mark, secret_texts, wholly_known
from engine.plan.attributes import Attributes, from_plain, propose, referable, to_plain
from engine.plan.changes import Action, Change, Reason
from engine.plan.configured import configure, placed
from engine.plan.expand import Expansion
from engine.plan.modules import assemble
from engine.plan.objects import Recorded
from engine.plan.rules import Kind, Verdict
from engine.plan.stand_ins import Given, filled
from engine.plan.walk import Site, Walk, check_conditions
from providers.errors import Problem, ProviderError
from providers.resource import DataSource, EphemeralResource
from providers.schema import Schema


def plan_data(walk: Walk, site: Site, expansion: Expansion) -> Value | None:
    """Return what references to a data source give, or None when it could not be read, which is told."""
    model = walk.models[site.block.address.kind]
    schema = model.schema_of_type()
    values: dict[InstanceKey, Value] = {}
    for key, names in expansion.instances.items():
        address = site.address.instance(key)
        if not walk.wanted(address):
            continue
        attributes = _plan_instance(walk, site, address, names)
        if attributes is None:
            return None
        values[key] = referable(attributes, schema)
    return assemble(expansion, values)


def _plan_instance(walk: Walk, site: Site, address: InstanceAddress, names: dict[str, Value]) -> Attributes | None:
    scope = site.scope(names)
    configured = _configured(walk, site, address, names)
    if configured is None or not check_conditions(walk, site, address, Kind.PRECONDITION, scope):
        return None
    model = walk.models[site.block.address.kind]
    schema = model.schema_of_type()
    reason = _why_later(walk, site, address, configured)
    attributes = propose(configured, None, schema)
    if reason is None:
        read = _read(walk, site, address, configured, schema)
        if isinstance(read, dict):
            attributes = read
        elif not site.block.check:
            walk.found.extend(read)
            return None
        else:
            _note_failed_read(walk, site, read)
        if site.block.check:
            reason = Reason.READ_CHECK
    if reason is not None and walk.options.mode != "refresh-only":
        dependencies = walk.dependencies.get(site.node, ())
        change = Change(address, Action.READ, site.provider, None, attributes, reason=reason, dependencies=dependencies)
        walk.add(change)
    elif reason is None:
        walk.recorded.setdefault(str(site.address), {})[address.key] = Recorded(
            address, attributes, site.provider, dependencies=walk.dependencies.get(site.node, ())
        )
    if not check_conditions(walk, site, address, Kind.POSTCONDITION, scope, referable(attributes, schema)):
        return None
    return attributes


def _configured(
    walk: Walk, site: Site, address: InstanceAddress, names: dict[str, Value], *, recorded: bool = True
) -> Attributes | None:
    model, block = walk.models[site.block.address.kind], site.block
    problems = Diagnostics(secrets=walk.found.secrets)
    schema = model.schema_of_type()
    configured = configure(
        block.arguments, block.range, model, schema, site.scope(names), problems, str(address), recorded=recorded
    )
    walk.found.extend(problems)
    return None if problems.has_errors else configured


def _why_later(walk: Walk, site: Site, address: InstanceAddress, configured: Attributes) -> Reason | None:
    """Return why a data source can be read only during apply, or None when it can be read now."""
    answers = walk.settings.get(site.provider) is not None or _given(walk, site, address) is not None
    if not all(wholly_known(value) for value in configured.values()) or not answers:
        return Reason.READ_UNKNOWN
    if walk.changing.intersection(explicit_dependencies(walk.graph, site.node)):
        return Reason.READ_DEPENDENCY
    return None


def _read(
    walk: Walk, site: Site, address: InstanceAddress, configured: Attributes, schema: Schema
) -> Attributes | list[Diagnostic]:
    """Return the attributes as read, or what is wrong."""
    model: Any = walk.models[site.block.address.kind]
    block = site.block
    arguments = propose(configured, None, Schema({k: a for k, a in schema.attributes.items() if not a.computed}))

    async def read(api: Any) -> DataSource:
        found: DataSource = await model.load({name: to_plain(value) for name, value in arguments.items()}).read(api)
        return found

    given = _given(walk, site, address)
    if given is not None:
        stood_in, problems = filled(given, propose(configured, None, schema), schema)
        return placed(problems, block.arguments, block.range, str(address)) if problems else stood_in
    walk.emit(OperationStarted(address, "read"))
    (answer,) = walk.reader.ask(site.provider, walk.settings[site.provider], [read])
    if isinstance(answer, ProviderError):
        return placed(answer.problems, block.arguments, block.range, str(address))
    attributes = read_attributes(answer, configured, schema)
    if isinstance(attributes, Problem):
        return placed([attributes], block.arguments, block.range, str(address))
    walk.found.secrets.update(secret_texts(attributes))
    walk.emit(OperationFinished(address, "read", 0.0))
    return attributes


def _given(walk: Walk, site: Site, address: InstanceAddress) -> Given | None:
    return walk.options.stand_ins.of(address, site.provider)


def read_attributes(
    answer: DataSource | EphemeralResource, configured: Attributes, schema: Schema
) -> Attributes | Problem:
    """Return the attributes of what was read, those configured as they are, or the problem that they do not fit."""
    computed = {name for name, attribute in schema.attributes.items() if attribute.computed}
    try:
        data = {name: value for name, value in answer.data().items() if name in computed}
        found = from_plain(data, Schema({name: schema.attributes[name] for name in computed}))
    except ConversionError as problem:
        return Problem("Provider produced invalid object", f"What was read does not fit its type: {problem}.")
    planned = propose(configured, {}, schema)
    return {name: found.get(name, value) for name, value in planned.items()}


def _note_failed_read(walk: Walk, site: Site, problems: list[Diagnostic]) -> None:
    """Note that the data source of a check could not be read: that is a result of the check, and only warns."""
    walk.found.extend(replace(problem, severity=Severity.WARNING) for problem in problems)
    name = f"check.{site.block.check}"
    messages = "; ".join(f"{problem.summary}: {problem.detail}" for problem in problems)
    verdicts = [Verdict("fail", messages)]
    walk.checks.note(site.place.node(name), site.instance.name(name), site.instance.path, None, verdicts)
    walk.modules.unreadable.add(site.instance.name(name))


def plan_ephemeral(walk: Walk, site: Site, expansion: Expansion) -> Value | None:
    """Open the instances of an ephemeral resource for as long as the plan is made; return what references give."""
    model: Any = walk.models[site.block.address.kind]
    schema = model.schema_of_type()
    values: dict[InstanceKey, Value] = {}
    for key, names in expansion.instances.items():
        address = site.address.instance(key)
        configured = _configured(walk, site, address, names, recorded=False)
        if configured is None or not check_conditions(walk, site, address, Kind.PRECONDITION, site.scope(names)):
            return None
        attributes: Mapping[str, Value] = propose(configured, None, schema)
        known = all(wholly_known(value) for value in configured.values())
        given = _given(walk, site, address)
        if given is not None:
            attributes = filled(given, propose(configured, None, schema), schema)[0] if known else attributes
        elif known and walk.settings.get(site.provider) is not None:
            opened = _open(walk, site, address, configured, schema)
            if opened is None:
                return None
            attributes = opened
        value = referable(dict(attributes), schema)
        if not check_conditions(walk, site, address, Kind.POSTCONDITION, site.scope(names), value):
            return None
        values[key] = {name: mark(item, EPHEMERAL_MARKS) for name, item in value.items()}
    return assemble(expansion, values)


def _open(
    walk: Walk, site: Site, address: InstanceAddress, configured: Attributes, schema: Schema
) -> Attributes | None:
    model: Any = walk.models[site.block.address.kind]

    async def open_it(api: Any) -> EphemeralResource:
        opened: EphemeralResource = await model.load(
            {name: to_plain(value) for name, value in configured.items()}
        ).open(api)
        return opened

    (answer,) = walk.reader.ask(site.provider, walk.settings[site.provider], [open_it])
    if isinstance(answer, ProviderError):
        walk.found.extend(placed(answer.problems, site.block.arguments, site.block.range, str(address)))
        return None
    walk.opened.append((site.provider, answer))
    attributes = read_attributes(answer, configured, schema)
    if isinstance(attributes, Problem):
        walk.found.extend(placed([attributes], site.block.arguments, site.block.range, str(address)))
        return None
    walk.found.secrets.update(secret_texts(attributes, secret=True))
    return attributes


def close_ephemerals(walk: Walk) -> None:
    """Close what was opened, the last one first; what goes wrong is told."""
    for provider, opened in reversed(walk.opened):
        (answer,) = walk.reader.ask(provider, walk.settings[provider], [opened.close])
        if isinstance(answer, ProviderError):
            walk.found.extend(placed(answer.problems, {}, None))

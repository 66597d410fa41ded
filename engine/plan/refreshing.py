"""Refresh: what recorded objects have become in the meantime, and what that changes before anything is planned."""

from dataclasses import replace
from typing import Any

from engine.address import static_address
from engine.diagnostics import DiagnosticError, error
from engine.events import RefreshFinished, RefreshStarted
from engine.lang.convert import ConversionError
from engine.lang.values import SENSITIVE, SENSITIVE_MARKS, mark_path, marked_paths, secret_texts
from engine.plan.attributes import Attributes, from_plain, referable, to_plain
from engine.plan.changes import Action, Change
from engine.plan.configured import placed
from engine.plan.diff import attribute_changes
from engine.plan.objects import Recorded, managed_model
from engine.plan.removed import removed_block
from engine.plan.walk import Walk
from providers.errors import ProviderError
from providers.resource import Resource


def refresh(walk: Walk, provider: str) -> None:
    """Compare the recorded objects of a provider configuration with what its API holds; `walk.recorded` follows."""
    if not walk.options.refresh:
        return
    current = [recorded for instances in walk.recorded.values() for recorded in instances.values()]
    objects = [
        recorded
        for recorded in (*current, *walk.deposed)
        if recorded.provider == provider
        and recorded.address.resource.mode == "managed"
        and walk.wanted(recorded.address)
        and not _is_let_go(walk, recorded)
    ]
    asked = []
    for recorded in objects:
        model = managed_model(walk.models, recorded.address.resource)
        stood_in = walk.options.stand_ins.of(recorded.address, provider) is not None
        asks = model.can("read") and walk.settings.get(provider) is not None and not stood_in
        walk.emit(RefreshStarted(recorded.address, identity_of(model, recorded.attributes), asks))
        if asks:
            asked.append(recorded)
        else:
            walk.emit(RefreshFinished(recorded.address, identity_of(model, recorded.attributes), asks))
    if not asked:
        return
    answers = walk.reader.ask(provider, walk.settings[provider], [_question(walk, recorded) for recorded in asked])
    for recorded, answer in zip(asked, answers, strict=True):
        with walk.found.collecting():
            _take_up(walk, recorded, answer)


def _is_let_go(walk: Walk, recorded: Recorded) -> bool:
    """Return whether an object is to be forgotten, so that nobody has to know what has become of it."""
    node = static_address(str(recorded.address.resource))
    removed = None if node in walk.graph else removed_block(walk.module, node)
    return removed is not None and not removed.destroy


def _question(walk: Walk, recorded: Recorded) -> Any:
    model = managed_model(walk.models, recorded.address.resource)
    return lambda api: model.from_state(to_plain(recorded.attributes)).read(api)


def _take_up(walk: Walk, recorded: Recorded, answer: Resource | ProviderError | None) -> None:
    address = recorded.address
    model = managed_model(walk.models, address.resource)
    walk.emit(RefreshFinished(address, identity_of(model, recorded.attributes)))
    if isinstance(answer, ProviderError):
        raise DiagnosticError(*placed(answer.problems, {}, None, str(address)))
    if recorded.deposed is not None:  # it is to go whatever it has become; when it is gone there is nothing to do
        if answer is None:
            walk.deposed.remove(recorded)
        return
    instances = walk.recorded[str(address.resource)]
    if answer is None:
        del instances[address.key]
        walk.drift.append(
            Change(address, Action.DELETE, recorded.provider, recorded.attributes, previous_address=recorded.previous)
        )
        return
    schema = model.schema_of_type()
    try:
        attributes: Attributes = from_plain(answer.data(), schema)
    except ConversionError as problem:
        detail = f"The provider's answer for {address} does not fit its type: {problem}. This is a bug of the provider."
        raise error("Provider produced invalid object", detail) from None
    for path in marked_paths(recorded.attributes, SENSITIVE):
        if path and str(path[0]) in attributes:
            attributes[str(path[0])] = mark_path(attributes[str(path[0])], path[1:], SENSITIVE_MARKS)
    walk.found.secrets.update(secret_texts(attributes))
    differences = attribute_changes(referable(recorded.attributes, schema), referable(attributes, schema))
    if not differences:
        return
    instances[address.key] = replace(recorded, attributes=attributes)
    walk.drift.append(
        Change(
            address,
            Action.UPDATE,
            recorded.provider,
            recorded.attributes,
            attributes,
            attributes=differences,
            previous_address=recorded.previous,
        )
    )


def identity_of(model: type[Resource], attributes: Attributes | None) -> tuple[str, str] | None:
    """Return the attribute that names an object to people, with its value, when that is known."""
    value = (attributes or {}).get(model.identity)
    return (model.identity, value) if isinstance(value, str) else None

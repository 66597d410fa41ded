"""`import` blocks: which existing objects become instances of the configuration.

The id is evaluated when the resource is planned, and the object is read then; what is in the state already is left
alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.address import InstanceAddress, InstanceKey, ModuleAddress, ResourceAddress
from engine.config.model import Import, Module, ResourceBlock
from engine.config.traversals import names_of, steps_of
from engine.diagnostics import DiagnosticError, Diagnostics, error
from engine.events import RefreshFinished, RefreshStarted
from engine.lang.convert import ConversionError, convert
from engine.lang.types import STRING
from engine.lang.values import Unknown, is_null, unmark, unmark_deep
from engine.plan.attributes import from_plain
from engine.plan.configured import placed
from engine.plan.expand import Expansion, expand_for_each
from engine.plan.objects import Recorded, managed_model
from engine.plan.reading import Question
from engine.plan.refreshing import identity_of
from engine.plan.stand_ins import filled
from engine.plan.walk import Site, Walk
from engine.syntax import tree
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.scope import Scope
from providers.errors import ProviderError
from providers.resource import Resource


@dataclass(frozen=True, slots=True)
class Imported:
    """An object that exists and is to be taken over."""

    id: str
    object: Recorded


def usable_imports(module: Module, found: Diagnostics, *, generates: bool) -> tuple[Import, ...]:
    """Return the import blocks whose target can be one; the others are reported.

    With `generates`, the block of a target may be missing still.
    """
    seen: dict[str, Import] = {}
    usable = []
    for imported in module.imports:
        with found.collecting():
            _check_import(imported, module, seen, generates=generates)
            usable.append(imported)
    return tuple(usable)


def _check_import(imported: Import, module: Module, seen: dict[str, Import], *, generates: bool) -> None:
    target = imported.target
    names = names_of(target)
    where = target.range
    if names[:1] == ["data"] or "data" in names[2::2]:
        detail = (
            f'The import address "{".".join(names)}" is that of a data source; only managed resources are imported.'
        )
        raise error("Invalid import address", detail, where)
    block = block_at(module, names)
    if len(names) < 2 or names[-2:-1] == ["module"]:
        detail = "The address of a resource instance is required, such as terraform_data.a or terraform_data.a[0]."
        raise error("Invalid import 'to' expression", detail, where)
    if block is None:
        if generates and names[0] != "module":
            return
        detail = (
            f"The configuration for the given import target {'.'.join(names)} does not exist. Write its block, or have "
            "it written by rtf plan -generate-config-out=FILE."
        )
        raise error("Configuration for import target does not exist", detail, where)
    if target.tree[0] == tree.INDEX and block.count is None and block.for_each is None:
        detail = f"{block.address} has neither count nor for_each, so its address takes no key in brackets."
        raise error("Invalid import 'to' expression", detail, where)
    if imported.for_each is None:
        text = target.source.text[where.start : where.end]
        if text in seen:
            detail = (
                f"An import block for the resource {text} was already declared at {seen[text].range}. A resource can "
                "have only one import block."
            )
            raise error(f'Duplicate import configuration for "{text}"', detail, where)
        seen[text] = imported


def block_at(root: Module, names: list[str]) -> ResourceBlock | None:
    """Return the block of a managed resource that names lead to, through modules, or None."""
    module: Module | None = root
    while module is not None and names[:1] == ["module"] and len(names) > 2:
        module, names = module.children.get(names[1]), names[2:]
    return module.resources.get(".".join(names)) if module is not None else None


def imports_of(walk: Walk, site: Site, expansion: Expansion) -> Mapping[InstanceKey, Imported]:
    """Return the objects to take over as instances of a block, by key. What is wrong is told; then they are missing."""
    wanted: dict[InstanceKey, tuple[Import, str]] = {}
    for imported in walk.imports:
        if ".".join(names_of(imported.target)) == site.node:
            with walk.found.collecting():
                for address, id in targets_of(imported, walk.modules.root.scope):
                    if address.resource == site.address and _is_new(walk, site, address, expansion, imported):
                        wanted[address.key] = (imported, id)
    taken: dict[InstanceKey, Imported] = {}
    asked: dict[InstanceKey, tuple[Import, str]] = {}
    for key, (block, id) in wanted.items():
        with walk.found.collecting():
            given = _given(walk, site, site.address.instance(key))
            if given is None:
                asked[key] = block, id
            else:
                taken[key] = Imported(id, given)
    if asked and walk.settings.get(site.provider) is not None:
        taken |= _read(walk, site, asked)
    return taken


def _given(walk: Walk, site: Site, address: InstanceAddress) -> Recorded | None:
    """Return what stands in for an object to import, None when the real one is asked for. Raises DiagnosticError."""
    given = walk.options.stand_ins.override_of(address, site.provider)
    if given is None:
        if site.provider not in walk.options.stand_ins.mocks:
            return None
        detail = (
            f"Cannot import resources from mock providers. Use an override_resource block with the target {address} "
            "to say what is there."
        )
        raise error("Invalid import request", detail)
    attributes, problems = filled(given, {}, managed_model(walk.models, address.resource).schema_of_type())
    if problems:
        raise DiagnosticError(*placed(problems, {}, site.block.range, str(address)))
    return Recorded(address, attributes, site.provider)


def _is_new(walk: Walk, site: Site, address: InstanceAddress, expansion: Expansion, imported: Import) -> bool:
    if address.key not in expansion.instances:
        detail = f"The configuration for the given import target {address} does not exist: it has no such instance."
        raise error("Configuration for import target does not exist", detail, imported.target.range)
    return address.key not in walk.recorded.get(str(site.address), {})


def targets_of(imported: Import, scope: Scope) -> list[tuple[InstanceAddress, str]]:
    """Return the instances that one block is for, each with its id. Raises DiagnosticError."""
    if imported.for_each is None:
        return [(_address(imported.target, scope), _id(imported, scope))]
    members = expand_for_each(imported.for_each, evaluate(imported.for_each, scope))
    targets = []
    for key, value in sorted(members.items()):
        inner = scope.with_roots(each={"key": key, "value": value})
        targets.append((_address(imported.target, inner), _id(imported, inner)))
    return targets


def _id(imported: Import, scope: Scope) -> str:
    summary, where = "Invalid import id argument", imported.id.range
    value, _ = unmark_deep(evaluate(imported.id, scope))
    if is_null(value):
        raise error(summary, "The import ID cannot be null.", where)
    if value.__class__ is Unknown:
        detail = (
            'The import block "id" argument depends on resource attributes that cannot be determined until apply, so '
            "rtf cannot plan to import this resource."
        )
        raise error(summary, detail, where)
    try:
        text = str(convert(value, STRING))
    except ConversionError as problem:
        raise error(summary, f"The import ID value is unsuitable: {problem}.", where) from None
    if not text:
        raise error(summary, "The import ID value evaluates to an empty string; write a non-empty one.", where)
    return text


def _address(target: Expression, scope: Scope) -> InstanceAddress:
    """Return the instance that the `to` argument names; its keys may be expressions. Raises DiagnosticError."""
    steps = steps_of(target, lambda node: _key(Expression(node, target.source), scope))
    module = ModuleAddress(tuple(steps[1:-2:2]))
    (type, _), (name, key) = steps[-2:]
    return ResourceAddress(type, name, module=str(module)).instance(key)


def _key(expression: Expression, scope: Scope) -> str | int:
    value, _ = unmark(evaluate(expression, scope))
    if value.__class__ in (str, int):
        return value
    detail = "A key is a string or a whole number, and has to be known before apply."
    raise error("Invalid import 'to' expression", detail, expression.range)


def _question(model: type[Resource], id: str) -> Question[Resource | None]:
    return lambda api: model.import_object(api, id)


def _read(walk: Walk, site: Site, wanted: Mapping[InstanceKey, tuple[Import, str]]) -> dict[InstanceKey, Imported]:
    model = managed_model(walk.models, site.block.address)
    settings = walk.settings[site.provider]
    questions = [_question(model, id) for _, id in wanted.values()]
    answers = walk.reader.ask(site.provider, settings, questions)
    imported: dict[InstanceKey, Imported] = {}
    for (key, (block, id)), answer in zip(wanted.items(), answers, strict=True):
        address = site.address.instance(key)
        with walk.found.collecting():
            if isinstance(answer, ProviderError):
                raise DiagnosticError(*placed(answer.problems, {}, block.range, str(address)))
            if answer is None:
                detail = (
                    f'While importing "{id}" as {address}, the provider found no such object. Only pre-existing '
                    "objects can be imported; check the id, and that it is in the account of this configuration."
                )
                raise error("Cannot import non-existent remote object", detail, block.range)
            attributes = from_plain(answer.data(), model.schema_of_type())
            walk.emit(RefreshStarted(address, identity_of(model, attributes), asks=False))
            walk.emit(RefreshFinished(address, identity_of(model, attributes), asks=False))
            imported[key] = Imported(id, Recorded(address, attributes, site.provider))
    return imported

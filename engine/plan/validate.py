"""Check a configuration by itself: no state, no values for its variables, every result of an apply unknown."""

from typing import TYPE_CHECKING

from engine.address import InstanceKey
from engine.config.model import Module, ResourceBlock
from engine.diagnostics import DiagnosticError, Diagnostics
from engine.graph.build import block_of
from engine.graph.walk import order
from engine.lang.types import from_notation
from engine.lang.values import UNKNOWN, Unknown, Value
from engine.plan.attributes import Attributes, hide
from engine.plan.configured import configure
from engine.plan.expand import known_expansion, unknown_expansion
from engine.plan.modules import Modules, assemble
from engine.plan.objects import Models, Providers
from engine.plan.outputs import check_exposure
from engine.plan.provisioners import check_kind, provisioner_arguments
from engine.plan.rules import check_rule
from engine.plan.settings import provider_settings
from engine.syntax.evaluate import evaluate_all
from engine.syntax.scope import Scope
from providers.schema import Schema

if TYPE_CHECKING:
    from engine.graph.build import Graph


def validate(
    module: Module, graph: "Graph", scope: Scope, models: Models, providers: Providers, found: Diagnostics
) -> None:
    """Add to `found` whatever is wrong with `module` and all it calls, as far as that can be told from the text."""
    modules = Modules(scope, found, strict=False)
    for node in order(graph):
        block = block_of(graph, node)
        if block.kind == "provider":
            provider_settings(module, block.name, providers, scope, found)
        elif block.kind == "resource":
            resource = block.place.module.resources[block.name]
            for instance in modules.of(block.place):
                value = _resource(resource, instance.scope, models, found)
                modules.set_resource(instance, resource.address, value)
        else:
            try:
                modules.evaluate(block)
                if block.kind == "output" and not block.place.path:
                    check_exposure(module.outputs[block.name], modules.root.outputs[block.name], found)
            except DiagnosticError as problem:
                found.extend(problem.diagnostics)
                modules.poison(block)


def _resource(block: ResourceBlock, scope: Scope, models: Models, found: Diagnostics) -> Value:
    model = models.get(block.address.kind)
    if model is None:
        names = next(iter(unknown_expansion(block).instances.values()))
        for argument in block.arguments.values():  # the type is wrong, but what is written may be wrong as well
            evaluate_all(argument.expression, scope.with_roots(**names), found)
        return UNKNOWN
    expansion = None
    with found.collecting():
        expansion = known_expansion(block, scope)
    schema = model.schema_of_type()
    values: dict[InstanceKey, Value] = {}
    checked = expansion if expansion is not None and expansion.instances else unknown_expansion(block)
    for key, names in checked.instances.items():  # what has no instances today may have some tomorrow
        _check_rules(block, scope.with_roots(**names), found)
        _check_provisioners(block, scope.with_roots(**names), found)
        configure(block.arguments, block.range, model, schema, scope.with_roots(**names), found)
        values[key] = _of_any_value(schema)
    return assemble(expansion, values)


def _of_any_value(schema: Schema) -> Attributes:
    """Return an object of which nothing is known but its attributes and their types."""
    values: Attributes = {}
    for name, attribute in schema.attributes.items():
        unknown = Unknown(from_notation(attribute.type))
        values[name] = hide(unknown) if attribute.sensitive else unknown
    return values


def _check_rules(block: ResourceBlock, scope: Scope, found: Diagnostics) -> None:
    """Add to `found` what is wrong with conditions whatever the values are."""
    lifecycle = block.lifecycle
    for rules, inner in (
        (lifecycle.preconditions, scope),
        (lifecycle.postconditions, scope.with_roots(self=UNKNOWN)),
    ):
        for rule in rules:
            check_rule(rule, inner, found)


def _check_provisioners(block: ResourceBlock, scope: Scope, found: Diagnostics) -> None:
    others = scope.roots.get(block.address.type)
    known = others if isinstance(others, dict) else {}
    own = {block.address.type: {**known, block.address.name: UNKNOWN}}
    inner = scope.with_roots(self=UNKNOWN, **own)
    for provisioner in block.provisioners:
        if check_kind(provisioner, found):
            provisioner_arguments(provisioner, inner, found)

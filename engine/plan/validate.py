"""Check a configuration by itself: no state, no values for its variables, every result of an apply unknown."""

from typing import TYPE_CHECKING

from engine.config.model import Module, ResourceBlock
from engine.diagnostics import DiagnosticError, Diagnostics
from engine.graph.build import block_of
from engine.graph.walk import order
from engine.lang.values import UNKNOWN
from engine.plan.configured import configure
from engine.plan.expand import known_expansion, unknown_expansion
from engine.plan.modules import Modules
from engine.plan.objects import Models, Providers
from engine.plan.outputs import check_exposure
from engine.plan.provisioners import check_kind, provisioner_arguments
from engine.plan.rules import check_rule
from engine.plan.settings import provider_settings
from engine.syntax.evaluate import evaluate_all
from engine.syntax.scope import Scope

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
                _check_resource(resource, instance.scope, models, found)
                # Which attributes there are is looked at by `references`; their values are all for the plan to say.
                modules.set_resource(instance, resource.address, UNKNOWN)
        else:
            try:
                modules.evaluate(block)
                if block.kind == "output" and not block.place.path:
                    check_exposure(module.outputs[block.name], modules.root.outputs[block.name], found)
            except DiagnosticError as problem:
                found.extend(problem.diagnostics)
                modules.poison(block)


def _check_resource(block: ResourceBlock, scope: Scope, models: Models, found: Diagnostics) -> None:
    model = models.get(block.address.kind)
    if model is None:
        names = next(iter(unknown_expansion(block).instances.values()))
        for argument in block.arguments.values():  # the type is wrong, but what is written may be wrong as well
            evaluate_all(argument.expression, scope.with_roots(**names), found)
        return
    expansion = None
    with found.collecting():
        expansion = known_expansion(block, scope)
    schema = model.schema_of_type()
    checked = expansion if expansion is not None and expansion.instances else unknown_expansion(block)
    for names in checked.instances.values():  # what has no instances today may have some tomorrow
        _check_rules(block, scope.with_roots(**names), found)
        _check_provisioners(block, scope.with_roots(**names), found)
        configure(block.arguments, block.range, model, schema, scope.with_roots(**names), found)


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

"""Check a configuration by itself: no state, no values for its variables, every result of an apply unknown."""

from typing import TYPE_CHECKING

from engine.config.model import Module, ResourceBlock
from engine.diagnostics import DiagnosticError, Diagnostics
from engine.graph.walk import order
from engine.lang.values import UNKNOWN, Value, is_unknown
from engine.plan.attributes import propose, referable
from engine.plan.configured import configure
from engine.plan.expand import Expansion, expand, unknown_expansion
from engine.plan.objects import Models, Providers
from engine.plan.planner import assemble, check_exposure
from engine.plan.settings import provider_settings
from engine.syntax.evaluate import evaluate_all
from engine.syntax.scope import Scope

if TYPE_CHECKING:
    from engine.graph.build import Graph


def validate(
    module: Module, graph: "Graph", scope: Scope, models: Models, providers: Providers, found: Diagnostics
) -> None:
    """Add to `found` whatever is wrong with `module`, as far as that can be told without values from outside."""
    for node in order(graph):
        kind, _, name = node.partition(".")
        if node in module.resources:
            block = module.resources[node]
            value = _resource(block, scope, models, found)
            scope.roots.setdefault(block.address.type, {})[block.address.name] = value
        elif kind == "local":
            scope.roots["local"][name] = evaluate_all(module.locals[name].expression, scope, found)
        elif kind == "provider":
            provider_settings(module, name, providers, scope, found)
        elif kind == "output":
            check_exposure(module.outputs[name], evaluate_all(module.outputs[name].expression, scope, found), found)


def _resource(block: ResourceBlock, scope: Scope, models: Models, found: Diagnostics) -> Value:
    model = models.get(block.address.type)
    if model is None:
        names = next(iter(unknown_expansion(block).instances.values()))
        for argument in block.arguments.values():  # the type is wrong, but what is written may be wrong as well
            evaluate_all(argument.expression, scope.with_roots(**names), found)
        return UNKNOWN
    expansion = _expansion(block, scope, found)
    schema = model.schema_of_type()
    values = {}
    checked = expansion if expansion is not None and expansion.instances else unknown_expansion(block)
    for key, names in checked.instances.items():  # what has no instances today may have some tomorrow
        configured = configure(block.arguments, block.range, model, schema, scope.with_roots(**names), found)
        values[key] = referable(propose(configured, None, schema), schema)
    return assemble(expansion, values)


def _expansion(block: ResourceBlock, scope: Scope, found: Diagnostics) -> Expansion | None:
    """Return the instances as far as they are known by now; None when that takes values from outside."""
    for expression in (block.count, block.for_each):
        if expression is None:
            continue
        if is_unknown(evaluate_all(expression, scope, Diagnostics())):
            return None
    try:
        return expand(block, scope)
    except DiagnosticError as problem:
        found.extend(problem.diagnostics)
        return None

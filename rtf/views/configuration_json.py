"""The configuration that a plan was made from, in Terraform's JSON: what is written, with nothing looked up.

An expression is told by its value where it needs no other, and by what it refers to: each reference in full, then
shorter and shorter down to the object referred to. Which provider configuration a block
uses, `provider_keys` says.
"""

from collections.abc import Iterable, Mapping

from engine.config.model import Argument, Module, ModuleCall, Output, Place, ResourceBlock, Variable
from engine.config.types import apply_defaults
from engine.diagnostics import DiagnosticError, Diagnostics
from engine.lang import numbers
from engine.lang.convert import ConversionError, convert
from engine.lang.json_values import JSON, read_json
from engine.lang.values import Value, wholly_known
from engine.syntax.evaluate import evaluate, evaluate_all
from engine.syntax.expression import Expression
from engine.syntax.references import Key, Traversal, traversals
from engine.syntax.scope import Scope
from rtf.views.json_text import value_json
from rtf.views.objects_json import Schemas
from rtf.views.provider_keys import Configurations, provider_configurations
from rtf.views.values import quote


def configuration_json(root: Module, schemas: Schemas, sources: Mapping[str, str]) -> JSON:
    """Return the root module and all it calls. `sources` are the full names of the providers, by their names."""
    configurations = provider_configurations(root, sources)
    tree: dict[str, JSON] = {}
    told = {}
    for key, configuration in sorted(configurations.items()):
        if configuration.source_key is None:
            entry = {"name": configuration.name, "full_name": configuration.full_name}
            if configuration.alias:
                entry["alias"] = configuration.alias
            if configuration.version:
                entry["version_constraint"] = configuration.version
            if configuration.module:
                entry["module_address"] = configuration.module
            told[key] = entry | _expressions(configuration.arguments)
    if told:
        tree["provider_config"] = told
    places = {place.path: place for place in root.places()}
    tree["root_module"] = _module(places[""], places, schemas, configurations)
    return tree


def _module(place: Place, places: Mapping[str, Place], schemas: Schemas, configurations: Configurations) -> JSON:
    module = place.module
    tree: dict[str, JSON] = {}
    if module.outputs:
        tree["outputs"] = {name: _output(module.outputs[name]) for name in sorted(module.outputs)}
    blocks = sorted(module.resources.values(), key=lambda block: (_MODES[block.address.mode], str(block.address)))
    if blocks:
        tree["resources"] = [_resource(block, place, schemas, configurations) for block in blocks]
    if module.calls:
        calls = tree["module_calls"] = {}
        for name in sorted(module.calls):
            inner = _module(places[place.node(f"module.{name}")], places, schemas, configurations)
            calls[name] = _call(module.calls[name], inner)
    if module.variables:
        tree["variables"] = {name: _variable(module.variables[name]) for name in sorted(module.variables)}
    return tree


_MODES = {"managed": 0, "data": 1, "ephemeral": 2}


def _output(output: Output) -> JSON:
    tree: dict[str, JSON] = {"sensitive": True} if output.sensitive else {}
    tree["expression"] = expression_json(output.expression)
    tree |= _depends_on(output.depends_on)
    if output.description:
        tree["description"] = output.description
    return tree


def _resource(block: ResourceBlock, place: Place, schemas: Schemas, configurations: Configurations) -> JSON:
    address = block.address
    tree: dict[str, JSON] = {
        "address": str(address),
        "mode": address.mode,
        "type": address.type,
        "name": address.name,
        "provider_config_key": configurations.key_of(place, block.provider),
    }
    if block.provisioners:
        tree["provisioners"] = [{"type": item.type, **_expressions(item.arguments)} for item in block.provisioners]
    tree |= _expressions(block.arguments)
    tree["schema_version"] = schemas[address.kind].version if address.kind in schemas else 0
    return {**tree, **_repetition(block), **_depends_on(block.depends_on)}


def _call(call: ModuleCall, module: JSON) -> JSON:
    tree: dict[str, JSON] = {"source": call.source, **_expressions(call.arguments), **_repetition(call)}
    tree["module"] = module
    if call.version:
        tree["version_constraint"] = call.version
    return {**tree, **_depends_on(call.depends_on)}


def _variable(variable: Variable) -> JSON:
    tree: dict[str, JSON] = {}
    if variable.default is not None:
        try:
            value = evaluate(variable.default, Scope({}, {}))
            tree["default"] = value_json(convert(apply_defaults(value, variable.defaults), variable.type))
        except (DiagnosticError, ConversionError):
            pass  # told when the plan was made
    if variable.description:
        tree["description"] = variable.description
    if variable.sensitive:
        tree["sensitive"] = True
    return tree


def _expressions(arguments: Mapping[str, Argument]) -> dict[str, JSON]:
    if not arguments:
        return {}
    return {"expressions": {name: expression_json(arguments[name].expression) for name in sorted(arguments)}}


def _repetition(block: ResourceBlock | ModuleCall) -> dict[str, JSON]:
    for name, expression in (("count_expression", block.count), ("for_each_expression", block.for_each)):
        tree = {} if expression is None else expression_json(expression)
        if tree:
            return {name: tree}
    return {}


def _depends_on(expressions: Iterable[Expression]) -> dict[str, JSON]:
    names = [_written(_subject(found.steps)) for expression in expressions for found in traversals(expression)[:1]]
    return {"depends_on": names} if names else {}


def expression_json(expression: Expression) -> JSON:
    """Return what an expression says: its value, what it refers to, both, or nothing when it only calls functions."""
    tree: dict[str, JSON] = {}
    if _is_json(expression):  # whose texts are taken as they are, even where they refer to something
        tree["constant_value"] = read_json(expression.source.text[expression.tree[1] : expression.tree[2]])
    else:
        value = _constant(expression)
        if value is not None:
            tree["constant_value"] = value_json(value)
    names = [name for found in traversals(expression) for name in _names(found)]
    if names:
        tree["references"] = names
    return tree


def _is_json(expression: Expression) -> bool:
    return expression.source.name.endswith(".json")


def _constant(expression: Expression) -> Value | None:
    """Return the value of an expression that needs nothing else, not even a function."""
    value = evaluate_all(expression, Scope({}, {}), Diagnostics())
    return value if wholly_known(value) else None


def _names(found: Traversal) -> list[str]:
    """Return a reference and its shorter forms, from all its steps down to the object that it refers to."""
    subject = _subject(found.steps)
    lengths = range(len(found.steps), len(subject) - 1, -1)
    names = [_written(found.steps[:length]) for length in lengths]
    if isinstance(subject[-1], Key) or (subject[0] == "module" and len(subject) > 2):
        names.append(_written(subject[:-1]))
    return names


Steps = tuple[str | Key, ...]


def _subject(steps: Steps) -> Steps:
    """Return the part of a reference that names an object, such as a resource's instance or a module's output."""
    root = steps[0]
    if root == "self":
        return steps[:1]
    length = 3 if root in ("data", "ephemeral") else 2
    takes_key = root == "module" or root not in _NAMESPACES
    if takes_key and len(steps) > length and isinstance(steps[length], Key):
        length += 1
    if root == "module" and len(steps) > length and isinstance(steps[length], str):
        length += 1
    return steps[:length]


_NAMESPACES = frozenset({"var", "local", "each", "count", "path", "terraform"})


def _written(steps: Steps) -> str:
    text = "".join(f".{step}" if isinstance(step, str) else f"[{_written_key(step)}]" for step in steps)
    return text.removeprefix(".")


def _written_key(key: Key) -> str:
    return quote(key.value) if isinstance(key.value, str) else numbers.text(key.value)

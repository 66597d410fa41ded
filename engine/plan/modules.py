"""The modules while a configuration is gone through: their instances, and the values of their blocks.

Planning, validating and applying go through the same graph. What they do with resources differs; what a local, a
variable, an output or a module call is worth does not, and is done here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.address import InstanceKey, ResourceAddress, written_key
from engine.config.model import Place, Rule
from engine.config.variables import module_argument
from engine.diagnostics import Diagnostics, Severity, error, warning
from engine.graph.build import Node
from engine.lang.values import EPHEMERAL, NULL, UNKNOWN, Value, has_mark, secret_texts
from engine.plan.expand import Expansion, expand, known_expansion, unknown_expansion
from engine.plan.rules import PENDING, CheckBook, Kind, check_variable, judge
from engine.plan.stand_ins import NO_STAND_INS, StandIns
from engine.syntax.evaluate import evaluate, evaluate_all
from engine.syntax.expression import Expression
from engine.syntax.scope import Scope


@dataclass(slots=True)
class ModuleInstance:
    """One instance of a module: its address, what its expressions see, and its outputs so far."""

    path: str  # module.a[0].module.b, empty for the root module
    scope: Scope
    names: dict[str, Value] = field(default_factory=dict)  # what each and count are in the call
    outputs: dict[str, Value] = field(default_factory=dict)
    caller: "ModuleInstance | None" = None

    def name(self, block: str) -> str:
        """Return the address of a block in this instance."""
        return f"{self.path}.{block}" if self.path else block


class Modules:
    """All instances of all modules, by the place of the module in the tree of calls.

    With `strict` false, what is not known yet is no error: a configuration is being checked by itself. What conditions
    come to goes to `checks`; how bad a broken one of an output is, `severity` says. `applying` is false while a plan is
    made, when some conditions cannot be decided yet.
    """

    def __init__(
        self,
        scope: Scope,
        found: Diagnostics,
        *,
        strict: bool = True,
        checks: CheckBook | None = None,
        severity: Severity = Severity.ERROR,
        applying: bool = False,
        stand_ins: StandIns = NO_STAND_INS,
    ) -> None:
        self._found = found
        self._strict = strict
        self._checks = checks if checks is not None else CheckBook()
        self._severity = severity
        self._applying = applying
        self._stand_ins = stand_ins
        self.unreadable: set[str] = set()  # names of checks whose data source could not be read
        self.root = ModuleInstance("", scope)
        self._instances: dict[str, dict[str, ModuleInstance]] = {"": {"": self.root}}

    def of(self, place: Place) -> Iterable[ModuleInstance]:
        """Return the instances of the module at `place`; none before the module itself was evaluated."""
        return self._instances.get(place.path, {}).values()

    def instance(self, place: Place, path: str) -> ModuleInstance:
        """Return the instance of the module at `place` whose address is `path`."""
        return self._instances[place.path][path]

    def evaluate(self, node: Node) -> None:
        """Give a block its value in every instance of its module. Raises DiagnosticError."""
        if node.kind == "module":
            self._expand(node.place)
            return
        for instance in self.of(node.place):
            if node.kind == "local":
                local = node.place.module.locals[node.name]
                instance.scope.roots["local"][node.name] = self._value(local.expression, instance.scope)
            elif node.kind == "output":
                self._set_output(node, instance)
            elif node.kind == "check" and self._strict:
                self._assert(node, instance)
            elif node.kind == "var":
                self._set_variable(node, instance)

    def _set_output(self, node: Node, instance: ModuleInstance) -> None:
        output = node.place.module.outputs[node.name]
        if output.preconditions and self._strict:
            problems = Diagnostics(secrets=self._found.secrets)
            address = f"output.{node.name}"
            verdicts = [
                judge(rule, Kind.OUTPUT, instance.scope, problems, severity=self._severity)
                for rule in output.preconditions
            ]
            self._checks.note(node.place.node(address), instance.name(address), instance.path, None, verdicts)
            warn_or_raise(problems, self._found)
        value = self._value(output.expression, instance.scope)
        if not output.ephemeral and has_mark(value, EPHEMERAL):
            detail = (
                "This output value is not declared as returning an ephemeral value, so it cannot be set to a "
                "result derived from an ephemeral value."
            )
            raise error("Ephemeral value not allowed", detail, output.expression.range)
        instance.outputs[node.name] = value

    def _assert(self, node: Node, instance: ModuleInstance) -> None:
        """Look at the assertions of a check block; those that do not hold are warnings."""
        check = node.place.module.checks[node.name]
        name = instance.name(f"check.{check.name}")
        if name in self.unreadable:
            return
        verdicts = []
        for rule in check.assertions:
            verdict = judge(rule, Kind.ASSERTION, instance.scope, self._found, severity=Severity.WARNING)
            verdicts.append(verdict)
            if verdict.status == "unknown" and not self._applying:
                detail = (
                    "The condition could not be evaluated at this time, a result will be known when this plan is "
                    "applied."
                )
                self._found.add(warning(PENDING, detail, rule.condition.range))
        self._checks.note(node.place.node(f"check.{check.name}"), name, instance.path, None, verdicts)

    def poison(self, node: Node) -> None:
        """Make a block unknown that has no value because of an error."""
        for instance in self.of(node.place):
            if node.kind in ("local", "var"):
                instance.scope.roots[node.kind][node.name] = UNKNOWN
            elif node.kind == "output":
                instance.outputs[node.name] = UNKNOWN
        if node.kind == "module" and node.place.caller is not None and node.place.call is not None:
            for caller in self.of(node.place.caller):
                caller.scope.roots.setdefault("module", {})[node.place.call.name] = UNKNOWN

    def has_resource(self, instance: ModuleInstance, address: ResourceAddress) -> bool:
        """Return whether references in an instance see a resource block's value already."""
        root = instance.scope.roots
        if address.mode != "managed":
            root = root.get(address.mode, {})
        return address.name in root.get(address.type, {})

    def set_resource(self, instance: ModuleInstance, address: ResourceAddress, value: Value) -> None:
        """Let references in an instance see a resource block's value."""
        root = instance.scope.roots
        if address.mode != "managed":
            root = root.setdefault(address.mode, {})
        root.setdefault(address.type, {})[address.name] = value

    def _set_variable(self, node: Node, instance: ModuleInstance) -> None:
        variable = node.place.module.variables[node.name]
        where = variable.range
        if instance.caller is not None:  # the root module's have their values already
            instance.scope.roots["var"][node.name] = self._argument(node, instance, instance.caller)
            given = node.place.call.arguments.get(node.name) if node.place.call else None
            where = given.expression.range if given else where
        if not variable.validations or any(self._is_broken(rule) for rule in variable.validations):
            return
        problems = Diagnostics(secrets=self._found.secrets)
        verdicts = check_variable(variable, where, instance.scope, problems)
        name = f"var.{node.name}"
        self._checks.note(node.place.node(name), instance.name(name), instance.path, None, verdicts)
        warn_or_raise(problems, self._found)

    def _is_broken(self, rule: Rule) -> bool:
        """Return whether something was told of a rule's text already, so that nothing can come of it."""
        return any(self._found.tells_of(part.range) for part in (rule.condition, rule.error_message))

    def _value(self, expression: Expression, scope: Scope) -> Value:
        return evaluate(expression, scope) if self._strict else evaluate_all(expression, scope, self._found)

    def _argument(self, node: Node, instance: ModuleInstance, caller: ModuleInstance) -> Value:
        variable = node.place.module.variables[node.name]
        call = node.place.call
        given = call.arguments.get(node.name) if call else None
        value, where = None, variable.range
        if given is not None:
            value = self._value(given.expression, caller.scope.with_roots(**instance.names))
            where = given.expression.range
        value = module_argument(variable, value, where)
        self._found.secrets.update(secret_texts(value))
        return value

    def _expand(self, place: Place) -> None:
        if place.caller is None or place.call is None:
            return
        made: dict[str, ModuleInstance] = {}
        for caller in self.of(place.caller):
            expansion = (expand if self._strict else known_expansion)(place.call, caller.scope)
            children: dict[InstanceKey, Value] = {}
            instances = expansion.instances if expansion else {}
            if not instances and not self._strict:  # checked all the same
                instances = unknown_expansion(place.call).instances
            for key, names in instances.items():
                path = caller.name(f"module.{place.call.name}{written_key(key)}")
                given = self._stand_ins.outputs_of(path)
                if given is not None:
                    children[key] = {name: given.get(name, NULL) for name in place.module.outputs}
                    continue
                child = ModuleInstance(path, self._scope_in(place.module.directory), names, {}, caller)
                children[key] = child.outputs  # filled as the outputs get their values
                made[path] = child
            value = assemble(expansion, children)
            caller.scope.roots.setdefault("module", {})[place.call.name] = value
        self._instances[place.path] = made

    def _scope_in(self, directory: str) -> Scope:
        """Return the scope of a called module before any of its blocks has a value."""
        root = self.root.scope
        path = {**root.roots["path"], "module": directory}
        return Scope({"var": {}, "local": {}, "path": path, "terraform": root.roots["terraform"]}, root.functions)


def warn_or_raise(problems: Diagnostics, found: Diagnostics) -> None:
    """Raise all of `problems` when any is an error; else add them to `found`."""
    problems.raise_errors()
    found.extend(problems)


def assemble(expansion: Expansion | None, values: dict[InstanceKey, Value]) -> Value:
    """Return what a reference to a block gives: its object, a tuple of them, or an object of them by key.

    Instances without a value are unknown: they were left out of a plan for some targets only.
    """
    if expansion is None:
        return UNKNOWN
    if expansion.kind == "single":
        return values.get(None, UNKNOWN)
    if expansion.kind == "count":
        return tuple(values.get(key, UNKNOWN) for key in expansion.instances)
    return {str(key): values.get(key, UNKNOWN) for key in expansion.instances}

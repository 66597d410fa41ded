"""The module under test with what a file of tests has for it: provider configurations, and places of values."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from engine.config.model import Argument, Module, ProviderBlock, Variable
from engine.diagnostics import Diagnostics, SourceRange, did_you_mean, error
from engine.lang.values import Value
from engine.syntax import tree
from engine.syntax.expression import Expression
from engine.testing.model import MockProvider, RunBlock, SuiteFile
from engine.testing.variables import Known


def passed_providers(file: SuiteFile, run: RunBlock, module: Module) -> dict[str, ProviderBlock | MockProvider]:
    """Return the configurations of `file` that a run uses, by the name that they have in the module under test.

    Unless the run says which, these are all. What the file does not have is left out.
    """
    passed = {one.inside: one.outside for one in run.providers} or {name: name for name in file.providers}
    named = {}
    for inside, outside in passed.items():
        local, dot, alias = inside.partition(".")
        if outside in file.providers:
            named[f"{module.provider_type(local)}{dot}{alias}"] = file.providers[outside]
    return named


def check_passed(file: SuiteFile, run: RunBlock, found: Diagnostics) -> None:
    """Report the configurations that a run passes and its file does not have."""
    for passed in run.providers:
        if passed.outside not in file.providers:
            hint = did_you_mean(passed.outside, file.providers)
            detail = f"This provider block references a provider definition that does not exist.{hint}"
            summary = f"Missing provider definition for {passed.outside}"
            found.extend(error(summary, detail, passed.outside_range).diagnostics)


def with_providers(
    module: Module, file: SuiteFile, run: RunBlock, recorded: Collection[str], known: Known, found: Diagnostics
) -> tuple[Module, dict[str, Value]]:
    """Return `module` with the configurations of the file, and the values that their arguments have.

    These values are those of variables that the returned module has besides its own: the arguments of a configuration
    in a test file see other names than the module does. `recorded` are the configurations of objects in the state.
    Those that nobody uses are left out, because what they refer to may not be there yet.
    """
    used = {place.provider_of(block.provider) for place in module.places() for block in place.module.resources.values()}
    providers, variables, values = dict(module.providers), dict(module.variables), {}
    for name, provider in passed_providers(file, run, module).items():
        if name not in used and name not in recorded:
            continue
        arguments: dict[str, Argument] = {}
        if isinstance(provider, ProviderBlock):
            for argument in provider.arguments.values():
                variable = f"provider {name} {argument.name}"  # with blanks: no variable of the module is called so
                values[variable] = known.value_of(argument.expression, found)
                variables[variable] = Variable(variable, argument.name_range)
                arguments[argument.name] = replace(argument, expression=_reference(variable, argument.expression))
        providers[name] = ProviderBlock(name, name.partition(".")[0], provider.range, arguments)
    return replace(module, providers=providers, variables=variables), values


def with_places(module: Module, places: Mapping[str, SourceRange]) -> Module:
    """Return `module` with variables that say where their values are written, for messages about these."""
    variables = {
        name: replace(variable, range=places.get(name, variable.range)) for name, variable in module.variables.items()
    }
    return replace(module, variables=variables)


def _reference(variable: str, written: Expression) -> Expression:
    """Return a reference to a variable that stands where `written` does."""
    where = written.range
    return Expression((tree.TRAVERSAL, where.start, where.end, ("var", variable)), written.source)

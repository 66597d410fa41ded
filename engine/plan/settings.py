"""How a provider is set up: its `provider` block evaluated and checked."""

from collections.abc import Mapping

from engine.config.model import Argument, Module
from engine.diagnostics import Diagnostics, SourceRange
from engine.lang.values import wholly_known
from engine.plan.attributes import to_plain
from engine.plan.configured import configure, placed
from engine.plan.objects import Providers
from engine.syntax.scope import Scope
from providers.errors import ProviderError
from providers.resource import Block
from providers.schema import schema_of


def provider_settings(
    module: Module, name: str, providers: Providers, scope: Scope, found: Diagnostics
) -> Block | None:
    """Return the checked configuration called `name`, or None while part of it is unknown or when it is wrong.

    What is wrong is added to `found`, and so are the secrets that the configuration brings into the run.
    """
    provider = providers.get(name.partition(".")[0])
    if provider is None:
        return None
    arguments, header = provider_text(module, name)
    attributes = configure(
        arguments,
        header,
        provider.configuration,
        schema_of(provider.configuration),
        scope,
        found,
        f"provider.{name}",
        recorded=False,
    )
    if not all(wholly_known(value) for value in attributes.values()):
        return None
    try:
        settings = provider.configuration.load({key: to_plain(value) for key, value in attributes.items()})
        found.secrets.update(provider().secrets(settings))
    except ProviderError as problem:
        found.extend(placed(problem.problems, arguments, header, f"provider.{name}"))
        return None
    return settings


def provider_text(module: Module, name: str) -> tuple[Mapping[str, Argument], SourceRange | None]:
    """Return the arguments of a provider's block and its header; a provider without a block has neither."""
    block = module.providers.get(name)
    return (block.arguments, block.range) if block is not None else ({}, None)

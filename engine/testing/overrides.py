"""What stands in for providers, objects and modules in one run: what the file says, and the run above that."""

from collections.abc import Mapping

from engine.address import InstanceAddress, ModuleAddress, ResourceAddress, Target, static_address
from engine.config.model import Module
from engine.diagnostics import Diagnostics, warning
from engine.plan.stand_ins import Mock, StandIns
from engine.testing.model import MockProvider, Override, RunBlock, SuiteFile
from engine.testing.providers import passed_providers


def stand_ins(file: SuiteFile, run: RunBlock, module: Module) -> StandIns:
    """Return all stand-ins of a run of `module`."""
    overrides = {**file.overrides, **run.overrides}
    mocks = {
        name: _mock(provider)
        for name, provider in passed_providers(file, run, module).items()
        if isinstance(provider, MockProvider)
    }
    return StandIns({target: override.given for target, override in overrides.items()}, mocks)


def _mock(provider: MockProvider) -> Mock:
    data = provider.data
    return Mock(
        {kind: resource.given for kind, resource in data.resources.items()},
        {target: override.given for target, override in data.overrides.items()},
    )


def check_targets(overrides: Mapping[Target, Override], module: Module, found: Diagnostics) -> None:
    """Warn of targets that the configuration under test does not have."""
    places = {place.path: place.module for place in module.places()}
    for target, override in overrides.items():
        if not _exists(target, places):
            detail = (
                f"The override target {target} does not exist within the configuration under test. This could indicate "
                "a typo in the target address or an unnecessary override."
            )
            found.add(warning("Invalid override target", detail, override.target_range))


def _exists(target: Target, places: Mapping[str, Module]) -> bool:
    match target:
        case ModuleAddress():
            return static_address(str(target)) in places
        case InstanceAddress(resource=resource) | (ResourceAddress() as resource):
            module = places.get(static_address(resource.module))
            plain = ResourceAddress(resource.type, resource.name, resource.mode)
            return module is not None and str(plain) in module.resources

"""Put the modules together: the root module's files, and those of every module it calls, directly or not.

Where a module has been put is what `locate` knows. Texts come from `read`, so that a saved plan can be put together
again from what it carries.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace

from engine.config.decode import decode_module
from engine.config.load import parse_files
from engine.config.model import Module, ModuleCall, ProviderBlock
from engine.diagnostics import Diagnostics, SourceFile, did_you_mean, error, warning
from state.snapshot import TERRAFORM_VERSION

Read = Callable[[str], list[SourceFile] | None]
"""Return the files of a folder, which is given relative to the root module's; None when there is no such folder.

Raises DiagnosticError.
"""

Locate = Callable[[str, ModuleCall, str], str]
"""Return the folder of a called module: its key (names of calls with dots between), the call, the caller's folder.

Raises DiagnosticError when it is not installed.
"""

DEEPEST = 50  # calls inside of calls


def load_modules(read: Read, locate: Locate, found: Diagnostics, directory: str = ".", key: str = "") -> Module:
    """Return the root module with all it calls; what is wrong with any of them is added to `found`.

    A test may have another module than the root module's: then `directory` is its folder, `key` what it is called by.
    """
    return _Loader(read, locate, found).load(directory, key, (), read(directory) or [])


def folder_beside(call: ModuleCall, caller: str) -> str | None:
    """Return the folder of a module that is called by its place beside the caller's folder; None for any other."""
    if call.origin.kind != "beside":
        return None
    return os.path.normpath(os.path.join(caller, call.origin.url))


def check_required_versions(root: Module, found: Diagnostics) -> None:
    """Report the modules that are not for the Terraform whose language this is."""
    version = tuple(int(number) for number in TERRAFORM_VERSION.split("."))
    for place in root.places():
        name = "This configuration" if place.call is None else f"Module {place.path} (from {place.call.source})"
        for required in place.module.required_versions:
            if any(constraint.prerelease for constraint in required.constraints):
                detail = (
                    f"Prerelease version constraints are not supported: {required.text}. Remove the prerelease "
                    "information from the constraint."
                )
                found.extend(error("Invalid required_version constraint", detail, required.range).diagnostics)
            elif not all(constraint.allows(version) for constraint in required.constraints):
                detail = (
                    f"{name} is for Terraform {required.text}; this version of rtf understands the language of "
                    f"Terraform {TERRAFORM_VERSION}. Version constraints are normally set for good reason, so changing "
                    "this one may lead to other errors."
                )
                found.extend(error("Unsupported Terraform Core version", detail, required.range).diagnostics)


def check_calls(root: Module, found: Diagnostics) -> None:
    """Report what calls give that their modules do not take, and what they do not give though they have to."""
    for place in root.places():
        if place.call is not None:
            _check_call(place.call, place.module, found)


def _check_call(call: ModuleCall, module: Module, found: Diagnostics) -> None:
    for name, argument in call.arguments.items():
        if name not in module.variables:
            hint = did_you_mean(name, module.variables)
            detail = f'An argument named "{name}" is not expected here.{hint}'
            found.extend(error("Unsupported argument", detail, argument.name_range).diagnostics)
    for name, variable in module.variables.items():
        if variable.default is None and name not in call.arguments:
            detail = f'The argument "{name}" is required, but no definition was found.'
            found.extend(error("Missing required argument", detail, call.missing_range or call.range).diagnostics)


def _check_passed(call: ModuleCall, module: Module, found: Diagnostics) -> None:
    """Warn of provider configurations that a call passes to a module which does not say what it means by them."""
    declared = {*module.required_providers, *(one.type for one in module.providers.values())}
    for passed in call.passed:
        local = passed.inside.partition(".")[0]
        if local not in declared:
            detail = (
                f'There is no explicit declaration for local provider name "{local}" in module.{call.name}, so the '
                f'provider of that name is taken to be meant. Add "{local}" to its required_providers.'
            )
            found.add(warning("Reference to undefined provider", detail, passed.inside_range))


class _Loader:
    """Loads modules with the same ways to read and to locate all along."""

    def __init__(self, read: Read, locate: Locate, found: Diagnostics) -> None:
        self._read = read
        self._locate = locate
        self._found = found

    def load(self, directory: str, key: str, callers: tuple[str, ...], files: list[SourceFile]) -> Module:
        """Return the module in `directory`, which is called from `callers`."""
        module = decode_module(parse_files(files, self._found), self._found)
        module.directory = directory
        module.providers = dict(_named_by_provider(module))
        if not callers and self._found.has_errors:
            return module  # what it calls will be looked at when its own text is sound
        for name, call in sorted(module.calls.items()):
            with self._found.collecting():
                inner = f"{key}.{name}" if key else name
                module.children[name] = self._child(directory, inner, call, callers)
        for name in module.calls.keys() - module.children.keys():
            del module.calls[name]  # told already; without it the rest can still be looked at
        return module

    def _child(self, directory: str, key: str, call: ModuleCall, callers: tuple[str, ...]) -> Module:
        inner = self._locate(key, call, directory)
        if inner in (directory, *callers) or len(callers) >= DEEPEST:
            detail = f'The module in "{inner}" is called from itself, so there would be no end of modules.'
            raise error("Module calls itself", detail, call.source_range)
        files = self._read(inner)
        if files is None:
            detail = f'The folder "{inner}" does not exist.'
            raise error("Unreadable module directory", detail, call.source_range)
        module = self.load(inner, key, (*callers, directory), files)
        _check_passed(call, module, self._found)
        return module


def _named_by_provider(module: Module) -> Iterator[tuple[str, ProviderBlock]]:
    """Yield the provider configurations under the names of their providers instead of those the module has for them."""
    for block in module.providers.values():
        local, dot, alias = block.name.partition(".")
        type = module.provider_type(local)
        yield f"{type}{dot}{alias}", replace(block, name=f"{type}{dot}{alias}", type=type)

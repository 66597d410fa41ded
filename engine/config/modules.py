"""Put the modules together: the root module's files, and those of every module it calls, directly or not.

Sources are folders of this machine, written `./...` or `../...`. Texts come from `read`, so that a saved plan can be
put together again from what it carries.
"""

import os
from collections.abc import Callable

from engine.config.decode import decode_module
from engine.config.load import parse_files
from engine.config.model import Module, ModuleCall
from engine.diagnostics import Diagnostics, SourceFile, did_you_mean, error

Read = Callable[[str], list[SourceFile]]
"""Return the files of a folder, which is given relative to the root module's. Raises DiagnosticError."""

DEEPEST = 50  # calls inside of calls


def load_modules(read: Read, found: Diagnostics) -> Module:
    """Return the root module with all it calls; what is wrong with any of them is added to `found`."""
    return _load(".", read, found, ())


def _load(directory: str, read: Read, found: Diagnostics, callers: tuple[str, ...]) -> Module:
    module = decode_module(parse_files(read(directory), found), found)
    module.directory = directory
    for name, call in module.calls.items():
        with found.collecting():
            module.children[name] = _load_child(directory, call, read, found, callers)
    for name in module.calls.keys() - module.children.keys():
        del module.calls[name]  # told already; without it the rest can still be looked at
    return module


def _load_child(directory: str, call: ModuleCall, read: Read, found: Diagnostics, callers: tuple[str, ...]) -> Module:
    source = call.source
    if not source.startswith(("./", "../")):
        detail = (
            f'"{source}" is not a folder of this machine. This version of rtf takes local modules only: clone what you '
            "need beside the configuration and write ./folder or ../folder."
        )
        raise error("Unsupported module source", detail, call.source_range)
    inner = os.path.normpath(os.path.join(directory, source))
    if inner in (directory, *callers) or len(callers) >= DEEPEST:
        detail = f'The module in "{inner}" is called from itself, so there would be no end of modules.'
        raise error("Module calls itself", detail, call.source_range)
    before = len(found.items)
    module = _load(inner, read, found, (*callers, directory))
    if not module.files and len(found.items) == before:
        detail = f'The folder "{inner}" does not exist or contains no configuration files.'
        raise error("Unreadable module directory", detail, call.source_range)
    for name, argument in call.arguments.items():
        if name not in module.variables:
            hint = did_you_mean(name, module.variables)
            detail = f'An argument named "{name}" is not expected here.{hint}'
            found.extend(error("Unsupported argument", detail, argument.name_range).diagnostics)
    for name, variable in module.variables.items():
        if variable.default is None and name not in call.arguments:
            detail = f'The argument "{name}" is required, but no definition was found.'
            found.extend(error("Missing required argument", detail, call.range).diagnostics)
    if module.providers:
        detail = (
            f'The module in "{inner}" has provider blocks of its own. Put them into the root module and pass them with '
            "the providers argument."
        )
        raise error("Provider configuration in a module", detail, call.range)
    return module

"""The functions that every expression may call, one module per family.

What needs more than its arguments is built by the caller, which knows the directory of the configuration, the time and
the syntax: `all_functions`. What decides itself whether its arguments are evaluated, `try` and `can`, belongs to the
evaluator.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

from engine.lang.function import Function, Parameter
from engine.lang.functions import (
    charsets,
    collections,
    conversion,
    crypto,
    csv,
    encoding,
    formatting,
    lists,
    networks,
    numbers,
    paths,
    patterns,
    sequences,
    set_algebra,
    strings,
    time,
    yaml_decoding,
    yaml_encoding,
)
from engine.lang.functions.file_names import fileset_function
from engine.lang.functions.files import file_functions
from engine.lang.functions.templates import Render, template_functions
from engine.lang.functions.time import time_functions
from engine.lang.types import BOOL
from engine.lang.values import Unknown, Value

FAMILIES = (
    ("Numbers", (numbers,)),
    ("Text", (strings, formatting, patterns)),
    ("Lists, sets and maps", (sequences, lists, set_algebra, collections)),
    ("Types", (conversion,)),
    ("Encodings", (encoding, charsets, csv, yaml_decoding, yaml_encoding)),
    ("Checksums and secrets", (crypto,)),
    ("Networks", (networks,)),
    ("Time", (time,)),
    ("File names", (paths,)),
)


@cache
def builtin_functions() -> Mapping[str, Function]:
    """Return the functions that need nothing but their arguments, by name."""
    found = (function for _, modules in FAMILIES for module in modules for function in module.FUNCTIONS)
    return MappingProxyType({function.name: function for function in found})


def lazy_functions() -> tuple[Function, ...]:
    """Return `try` and `can` as far as they can be described. They look at errors, so only the evaluator calls them."""

    def never(*_: Value) -> NoReturn:
        raise AssertionError("called by the evaluator only")

    expression = Parameter("expression", description="An expression, which may fail.")
    expressions = Parameter("expressions", description="Expressions, which may fail.")
    return (
        Function("can", (expression,), never, result=BOOL, description="Whether an expression has a value."),
        Function("try", (), never, expressions, description="The value of the first expression that has one."),
    )


def all_functions(directory: Path, now: str | None, planned: str | None, render: Render) -> dict[str, Function]:
    """Return all functions of a module by name, but for `try` and `can`.

    Paths that are not absolute start from `directory`. `now` is the moment of the apply, None when it is still to
    come: then all that is not pure is unknown. `planned` is the moment of the plan. `render` gives what templates give.
    """
    functions = {
        name: function if function.pure or now is not None else _unknown(function)
        for name, function in builtin_functions().items()
    }
    built = (
        *time_functions(now, planned),
        *file_functions(directory),
        fileset_function(directory),
        paths.abspath_function(directory),
        *template_functions(directory, render),
    )
    functions.update((function.name, function) for function in built)
    return functions


def _unknown(function: Function) -> Function:
    """Return a function that checks its arguments as `function` does and gives an unknown value."""

    def call(*_: Value) -> Value:
        return Unknown(function.return_type, not_null=True)

    return replace(function, call=call)

"""The functions that every expression may call, one module per family.

What needs more than its arguments is built by the caller: `files.file_functions` and `time.time_functions`. What
decides itself whether its arguments are evaluated, such as `try`, belongs to the evaluator.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from engine.lang.function import Function
from engine.lang.functions import collections, conversion, encoding, formatting, numbers, sequences, strings

_FAMILIES = (collections, conversion, encoding, formatting, numbers, sequences, strings)


@cache
def builtin_functions() -> Mapping[str, Function]:
    """Return the functions that need nothing but their arguments, by name."""
    return MappingProxyType({function.name: function for family in _FAMILIES for function in family.FUNCTIONS})

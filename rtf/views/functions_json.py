"""The functions of the language as JSON, for editors and other tools: what `metadata functions -json` prints."""

from pathlib import Path
from typing import Any, Final

from engine.lang.function import Function, Parameter
from engine.lang.functions import lazy_functions
from engine.lang.types import to_notation
from engine.plan.scope import module_functions
from rtf.views.json_text import compact

_FORMAT_VERSION: Final = "1.0"
_CORE: Final = "core::"


def functions_json() -> str:
    """Return the signature of every function, under its name and under its name in the namespace `core`."""
    described = [*module_functions(Path("."), terraform_names=()).values(), *lazy_functions()]
    signatures = {
        function.name: function_signature(function) for function in sorted(described, key=lambda item: item.name)
    }
    signatures |= {f"{_CORE}{name}": signature for name, signature in signatures.items()}
    return compact({"format_version": _FORMAT_VERSION, "function_signatures": dict(sorted(signatures.items()))}) + "\n"


def function_signature(function: Function) -> dict[str, Any]:
    """Return what a function takes and gives."""
    signature: dict[str, Any] = {
        "description": function.description,
        "return_type": to_notation(function.return_type),
    }
    if function.parameters:
        signature["parameters"] = [_parameter(parameter) for parameter in function.parameters]
    if function.variadic:
        signature["variadic_parameter"] = _parameter(function.variadic)
    return signature


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {"name": parameter.name}
    if parameter.description:
        described["description"] = parameter.description
    if parameter.allow_null:
        described["is_nullable"] = True
    return described | {"type": to_notation(parameter.type)}

"""Terraform's workflow for OpenAI Realtime resources.

For programs: `validate`, `plan`, `apply`, `destroy`, `outputs` and `show` do what the commands of these names do, give
typed results and print nothing. Whatever goes wrong is an `Error`. What is behind a name is imported when it is used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.plan.changes import Counts
    from providers.unknown import UNKNOWN
    from rtf.api import Plan, apply, destroy, outputs, plan, show, validate
    from rtf.results import Applied, Change, Diagnostic, Error, Object, Output, OutputChange, ResourceName, State

    __version__: str

__all__ = [
    "UNKNOWN",
    "Applied",
    "Change",
    "Counts",
    "Diagnostic",
    "Error",
    "Object",
    "Output",
    "OutputChange",
    "Plan",
    "ResourceName",
    "State",
    "apply",
    "destroy",
    "outputs",
    "plan",
    "show",
    "validate",
]

_FUNCTIONS = {"Plan", "apply", "destroy", "outputs", "plan", "show", "validate"}
_ELSEWHERE = {"Counts": "engine.plan.changes", "UNKNOWN": "providers.unknown"}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("rtf-engine")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_ELSEWHERE.get(name, "rtf.api" if name in _FUNCTIONS else "rtf.results")), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]

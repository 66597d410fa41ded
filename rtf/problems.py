"""Exceptions of all parts as diagnostics: what the command line tells and what the Python interface raises."""

from engine.diagnostics import Diagnostic, DiagnosticError, Severity
from providers.errors import ProviderError
from state.errors import StateError


def as_diagnostics(problem: Exception) -> tuple[Diagnostic, ...]:
    """Return what an exception of ours says. Any other is raised again."""
    if isinstance(problem, DiagnosticError):
        return problem.diagnostics
    if isinstance(problem, StateError):
        return (Diagnostic(Severity.ERROR, problem.summary, problem.detail),)
    if isinstance(problem, ProviderError):
        return tuple(Diagnostic(Severity(item.severity), item.summary, item.detail) for item in problem.problems)
    raise problem

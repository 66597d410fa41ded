"""Texts to modules, and problems to short lines, for the tests of the engine."""

from collections.abc import Iterable

from engine.config.decode import decode_module
from engine.config.load import parse_files
from engine.config.model import Module
from engine.diagnostics import Diagnostic, Diagnostics, SourceFile
from engine.syntax.expression import Expression
from engine.syntax.parser import parse_expression


def module_of(found: Diagnostics, *texts: str) -> Module:
    """Return the module that texts make, as main.tf, second.tf and so on."""
    names = ("main.tf", "second.tf", "third.tf")
    return decode_module(parse_files([SourceFile(*file) for file in zip(names, texts, strict=False)], found), found)


def good_module(*texts: str) -> Module:
    """Return the module that texts make, in which nothing may be wrong."""
    found = Diagnostics()
    module = module_of(found, *texts)
    assert told(found) == []
    return module


def expression(text: str) -> Expression:
    """Return a text as an expression of a file of its own."""
    source = SourceFile("test.tf", text)
    return Expression(parse_expression(source), source)


def told(found: Iterable[Diagnostic]) -> list[str]:
    """Return each problem as place and summary."""
    return [f"{item.subject or 'nowhere'} {item.summary}" for item in found]


def details(found: Iterable[Diagnostic]) -> str:
    """Return the details of all problems."""
    return "\n".join(item.detail for item in found)

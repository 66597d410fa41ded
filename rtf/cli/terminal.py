"""What the standard streams can do, and telling problems on them."""

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TextIO

from engine.diagnostics import Diagnostic, Diagnostics, Severity
from rtf.views.diagnostics import format_diagnostic


def uses_color(stream: TextIO, *, no_color: bool) -> bool:
    """Return whether colours may be written: on a terminal, unless somebody said no."""
    return stream.isatty() and not no_color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO) -> int:
    """Return how many characters a line has."""
    return shutil.get_terminal_size().columns if stream.isatty() else 78


def tell(found: Diagnostics, *, no_color: bool, for_machines: bool = False) -> None:
    """Write what was found: warnings to standard output, errors to standard error; no secret met on the way.

    With `for_machines` all of it goes to standard error, because what else is on standard output will be parsed. Of
    warnings that say the same of many objects, the first is written with the number of the others.
    """
    for diagnostic in _consolidated(found):
        is_error = diagnostic.severity is Severity.ERROR
        stream = sys.stderr if is_error or for_machines else sys.stdout
        color = uses_color(stream, no_color=no_color)
        # Warnings stand among the lines of what else is written: the box tells where one ends.
        boxed = color or (not is_error and not no_color)
        width, hide = width_of(stream), found.secrets.hide
        text = format_diagnostic(diagnostic, color=color, hide=hide, width=width, boxed=boxed)
        stream.write(text)
        stream.flush()


def _consolidated(found: Diagnostics) -> Iterator[Diagnostic]:
    alike = Counter(item.summary for item in found if _may_be_one_of_many(item))
    for diagnostic in found:
        if not _may_be_one_of_many(diagnostic):
            yield diagnostic
            continue
        others = alike.pop(diagnostic.summary, 0) - 1
        if others == 0:
            yield diagnostic
        elif others > 0:
            more = "warning" if others == 1 else "warnings"
            yield replace(diagnostic, detail=f"{diagnostic.detail}\n\n(and {others} more similar {more} elsewhere)")


def _may_be_one_of_many(diagnostic: Diagnostic) -> bool:
    """Return whether a diagnostic is a warning about a place in the text: of such, a large configuration has many."""
    return diagnostic.severity is Severity.WARNING and diagnostic.subject is not None

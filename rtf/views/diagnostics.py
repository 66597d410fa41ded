"""Problems as people read them: what is wrong, the source line with the text at fault, and what to do.

With colours, for terminals, a problem stands in a box and the text is underlined; without, there is no box and carets
stand below the text. Nothing secret and nothing that steers a terminal comes through.
"""

from collections.abc import Callable, Iterable
from typing import Final

from engine.diagnostics import Diagnostic, Severity
from rtf.views.snippet import block_header, snippet_lines
from rtf.views.terminal import Paint, harmless, wrap

Hide = Callable[[str], str]

_TITLES: Final = {Severity.ERROR: ("Error: ", "red"), Severity.WARNING: ("Warning: ", "yellow")}


def format_diagnostics(diagnostics: Iterable[Diagnostic], *, color: bool, hide: Hide, width: int | None) -> str:
    """Return the text of several problems, one after the other."""
    return "".join(format_diagnostic(item, color=color, hide=hide, width=width) for item in diagnostics)


def format_diagnostic(
    diagnostic: Diagnostic, *, color: bool, hide: Hide, width: int | None, boxed: bool | None = None
) -> str:
    """Return the text of one problem, ending with a newline; in a box with colours, unless `boxed` says otherwise.

    `hide` takes the secrets of the run out of a text. Sentences are broken at `width`, or not at all for None.
    """
    boxed = color if boxed is None else boxed
    paint = Paint(color)
    title, tone = _TITLES[diagnostic.severity]
    clean = _cleaner(hide)
    lines = [f"{paint(title, 'bold', tone)}{paint(clean(diagnostic.summary).strip(), 'bold')}", ""]
    lines += _location(diagnostic, paint, clean, hide)
    if diagnostic.detail:
        room = None if width is None else width - 2 if boxed else width
        lines += wrap(clean(diagnostic.detail).strip("\n"), room).split("\n")
    while lines and not lines[-1]:
        lines.pop()
    return _boxed(lines, tone, paint) if boxed else "\n" + "\n".join(lines) + "\n"


def _cleaner(hide: Hide) -> Hide:
    return lambda text: harmless(hide(text).replace("\r\n", "\n"))


def _boxed(lines: Iterable[str], tone: str, paint: Paint) -> str:
    bar = paint("│", tone)
    inside = "".join(f"{bar} {line}".rstrip() + "\n" for line in lines)
    return f"{paint('╷', tone)}\n{inside}{paint('╵', tone)}\n"


def _location(diagnostic: Diagnostic, paint: Paint, clean: Hide, hide: Hide) -> list[str]:
    """Return the lines that say where, with a blank one after them; none when nobody knows."""
    subject = diagnostic.subject
    lines: list[str] = []
    if diagnostic.address is not None:
        lines.append(f"  with {clean(diagnostic.address)},")
    if subject is not None:
        header = block_header(subject)
        within = f", in {clean(header)}" if header else ""
        line = subject.file.position(subject.start).line
        lines.append(f"  on {clean(subject.file.name)} line {line}{within} ({clean(str(subject))}):")
        lines += snippet_lines(subject, paint=paint, hide=hide)
    if diagnostic.values:
        lines.append(f"    {paint('├' + '─' * 16, 'dark')}")
        lines += [_reference(name, statement, paint, clean) for name, statement in diagnostic.values]
    return [*lines, ""] if lines else []


def _reference(name: str, statement: str, paint: Paint, clean: Hide) -> str:
    text = clean(statement).replace("\n", " ")
    return f"    {paint('│', 'dark')} {paint(clean(name), 'bold')} {text}"

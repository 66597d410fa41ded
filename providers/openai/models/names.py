"""Names that the API's documentation knows. The sets are open: a name that is missing here is only warned about.

As of OpenAPI document 2.3.0 and the official Python SDK 3.54.0.
"""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from providers.errors import Path, Problem

REALTIME_MODELS = frozenset(
    {
        "gpt-realtime",
        "gpt-realtime-1.5",
        "gpt-realtime-2",
        "gpt-realtime-2.1",
        "gpt-realtime-2.1-mini",
        "gpt-realtime-2025-08-28",
        "gpt-4o-realtime-preview",
        "gpt-4o-realtime-preview-2024-10-01",
        "gpt-4o-realtime-preview-2024-12-17",
        "gpt-4o-realtime-preview-2025-06-03",
        "gpt-4o-mini-realtime-preview",
        "gpt-4o-mini-realtime-preview-2024-12-17",
        "gpt-realtime-mini",
        "gpt-realtime-mini-2025-10-06",
        "gpt-realtime-mini-2025-12-15",
        "gpt-audio-1.5",
        "gpt-audio-mini",
        "gpt-audio-mini-2025-10-06",
        "gpt-audio-mini-2025-12-15",
    }
)

REASONING_MODELS = frozenset({"gpt-realtime-2", "gpt-realtime-2.1", "gpt-realtime-2.1-mini"})

TRANSCRIPTION_MODELS = frozenset(
    {
        "whisper-1",
        "gpt-transcribe",
        "gpt-live-transcribe",
        "gpt-4o-mini-transcribe",
        "gpt-4o-mini-transcribe-2025-12-15",
        "gpt-4o-transcribe",
        "gpt-4o-transcribe-diarize",
        "gpt-realtime-whisper",
    }
)

VOICES = frozenset({"alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"})

_SHUTDOWNS = {
    **dict.fromkeys(
        (
            "gpt-realtime",
            "gpt-realtime-2025-08-28",
            "gpt-realtime-mini",
            "gpt-realtime-mini-2025-12-15",
            "gpt-audio-mini",
            "gpt-audio-mini-2025-12-15",
        ),
        "is announced to shut down on 2027-01-20",
    ),
    **dict.fromkeys(
        (
            "whisper-1",
            "gpt-4o-mini-transcribe",
            "gpt-4o-mini-transcribe-2025-12-15",
            "gpt-4o-transcribe",
            "gpt-4o-transcribe-diarize",
        ),
        "is announced to shut down on 2027-02-26",
    ),
    **dict.fromkeys(
        (name for name in REALTIME_MODELS if name.startswith("gpt-4o-")),
        "is reported to be switched off already",
    ),
}


def name_warnings(what: str, name: object, known: Collection[str], path: Path) -> Iterator[Problem]:
    """Yield a warning when `name` is not among the `known` names of a `what`, or is about to stop working."""
    if not isinstance(name, str):
        return
    if name not in known:
        close = get_close_matches(name, known, n=1)
        hint = f'Did you mean "{close[0]}"?' if close else f"Known are: {', '.join(sorted(known))}."
        detail = f'"{name}" is not a {what} known to this version of rtf; the API may refuse it. {hint}'
        yield Problem(f"Unknown {what}", detail, path, "warning")
    elif name in _SHUTDOWNS:
        detail = f'The {what} "{name}" {_SHUTDOWNS[name]}; choose a newer one.'
        yield Problem(f"Outdated {what}", detail, path, "warning")

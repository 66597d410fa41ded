"""What a session hears and says: formats, transcription, noise reduction, turn detection, voice."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from providers.errors import Problem
from providers.openai.models.names import TRANSCRIPTION_MODELS, VOICES, name_warnings
from providers.openai.models.request import RequestBlock
from providers.resource import Members, Text, by_kind
from providers.schema import Attr
from providers.unknown import UNKNOWN

Milliseconds = Annotated[int, Field(ge=0)]
Threshold = Annotated[float, Field(ge=0, le=1)]
Speed = Annotated[float, Field(ge=0.25, le=1.5)]
Eagerness = Literal["low", "medium", "high", "auto"]

_SERVER_VAD_ONLY = ("threshold", "prefix_padding_ms", "silence_duration_ms", "idle_timeout_ms")
_MANY_LANGUAGES = ("gpt-transcribe", "gpt-live-transcribe")


class AudioFormat(RequestBlock):
    """An audio encoding: PCM at 24 kHz, G.711 mu-law, or G.711 A-law."""

    type: Literal["audio/pcm", "audio/pcmu", "audio/pcma"] | None = None
    rate: int | None = None

    def rules(self) -> Iterator[Problem]:
        """Yield a problem when the rate does not fit the type."""
        if not self.given("rate"):
            return
        if self.type in ("audio/pcmu", "audio/pcma"):
            detail = f'"rate" belongs to "audio/pcm"; leave it out for "{self.type}".'
            yield Problem("Conflicting arguments", detail, ("rate",))
        elif self.rate != 24000:
            yield Problem("Invalid attribute value", f'"rate" must be 24000, but is {self.rate}.', ("rate",))


class Transcription(RequestBlock):
    """How the user's speech is written down, by a model of its own."""

    model: str | None = None
    language: str | None = None
    languages: list[str] | None = None
    keywords: list[str] | None = None
    prompt: str | None = None
    delay: Literal["minimal", "low", "medium", "high", "xhigh"] | None = None

    def rules(self) -> Iterator[Problem]:
        """Yield what the chosen model does not take."""
        if self.languages == []:
            yield Problem("Invalid attribute value", '"languages" must name at least one language.', ("languages",))
        yield from name_warnings("transcription model", self.model, TRANSCRIPTION_MODELS, ("model",))
        if isinstance(self.model, str) and self.model in TRANSCRIPTION_MODELS:
            yield from self._misplaced(self.model)

    def _misplaced(self, model: str) -> Iterator[Problem]:
        for name in ("languages", "keywords"):
            if self.given(name) and model not in _MANY_LANGUAGES:
                yield _unsupported(name, model, 'It is for "gpt-transcribe" and "gpt-live-transcribe".')
        if self.given("prompt") and model in ("gpt-realtime-whisper", "gpt-4o-transcribe-diarize"):
            yield _unsupported("prompt", model, "Leave it out.")
        if self.given("delay") and model != "gpt-realtime-whisper":
            yield _unsupported("delay", model, 'It is for "gpt-realtime-whisper".')


def _unsupported(name: str, model: str, advice: str) -> Problem:
    detail = f'The transcription model "{model}" does not support "{name}". {advice}'
    return Problem("Unsupported by the model", detail, (name,), "warning")


class NoiseReduction(RequestBlock):
    """How noise is taken out of what the microphone gives."""

    type: Literal["near_field", "far_field"] | None = None
    strength: float | None = None


class TurnDetection(RequestBlock):
    """When the model takes its turn: after silence (`server_vad`), or after a thought (`semantic_vad`)."""

    type: Literal["server_vad", "semantic_vad"]
    threshold: Threshold | None = None
    prefix_padding_ms: Milliseconds | None = None
    silence_duration_ms: Milliseconds | None = None
    create_response: bool | None = None
    interrupt_response: bool | None = None
    idle_timeout_ms: Annotated[int, Field(ge=5000, le=30000)] | None = None
    eagerness: Eagerness | None = None

    def rules(self) -> Iterator[Problem]:
        """Yield the members that belong to the other type."""
        foreign = {"semantic_vad": _SERVER_VAD_ONLY, "server_vad": ("eagerness",)}
        for name in foreign.get(self.type, ()):
            if self.given(name):
                other = "server_vad" if self.type == "semantic_vad" else "semantic_vad"
                detail = f'"{name}" belongs to the turn detection type "{other}", not to "{self.type}".'
                yield Problem("Conflicting arguments", detail, (name,))


class AudioInput(RequestBlock):
    """What the session hears."""

    format: AudioFormat | None = None
    transcription: Annotated[Transcription | None, Attr(explicit_null=True)] = None
    noise_reduction: Annotated[NoiseReduction | None, Attr(explicit_null=True)] = None
    turn_detection: Annotated[TurnDetection | None, Attr(explicit_null=True)] = None

    def rules(self) -> Iterator[Problem]:
        """Yield a warning when a transcription model finds turns itself and yet is told how to."""
        model = getattr(self.transcription, "model", None)
        if model == "gpt-realtime-whisper" and self._detects_turns():
            detail = 'The transcription model "gpt-realtime-whisper" needs "turn_detection = null".'
            yield Problem("Unsupported by the model", detail, ("turn_detection",), "warning")

    def _detects_turns(self) -> bool:
        off = "turn_detection" in self.model_fields_set and self.turn_detection is None
        return not off and self.turn_detection is not UNKNOWN  # type: ignore[comparison-overlap]


class CustomVoice(RequestBlock):
    """A voice of the user's own."""

    id: str


Voice = Annotated[Annotated[str, Text] | Annotated[CustomVoice, Members], by_kind]
"""The name of a built-in voice, or a custom one."""


def voice_warnings(voice: object) -> Iterator[Problem]:
    """Yield a warning when the attribute `voice` names no voice that is known."""
    yield from name_warnings("voice", voice, VOICES, ("voice",))


class AudioOutput(RequestBlock):
    """What the session says."""

    format: AudioFormat | None = None
    voice: Voice | None = None
    speed: Speed | None = None

    def rules(self) -> Iterator[Problem]:
        """Yield a warning for a voice nobody knows."""
        yield from voice_warnings(self.voice)


class Audio(RequestBlock):
    """Sound in both directions."""

    input: AudioInput | None = None
    output: AudioOutput | None = None

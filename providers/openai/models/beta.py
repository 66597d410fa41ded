"""What is nested in a session of the beta interface; its attributes themselves are those of the resource type."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from providers.errors import Problem
from providers.openai.models.audio import Eagerness, Milliseconds, Threshold
from providers.openai.models.names import TRANSCRIPTION_MODELS, name_warnings
from providers.openai.models.options import SecretSeconds
from providers.openai.models.request import JsonObject, RequestBlock

BetaAudioFormat = Literal["pcm16", "g711_ulaw", "g711_alaw"]


_BELONGS_TO = {
    "threshold": "server_vad",
    "prefix_padding_ms": "server_vad",
    "silence_duration_ms": "server_vad",
    "eagerness": "semantic_vad",
}


class BetaTranscription(RequestBlock):
    """How the user's speech is written down."""

    model: str | None = None
    language: str | None = None
    prompt: str | None = None

    def rules(self) -> Iterator[Problem]:
        """Yield a warning for a model nobody knows."""
        yield from name_warnings("transcription model", self.model, TRANSCRIPTION_MODELS, ("model",))


class BetaNoiseReduction(RequestBlock):
    """How noise is taken out of what the microphone gives."""

    type: Literal["near_field", "far_field"] | None = None


class BetaTurnDetection(RequestBlock):
    """When the model takes its turn."""

    type: Literal["server_vad", "semantic_vad"] | None = None
    threshold: Threshold | None = None
    prefix_padding_ms: Milliseconds | None = None
    silence_duration_ms: Milliseconds | None = None
    eagerness: Eagerness | None = None
    create_response: bool | None = None
    interrupt_response: bool | None = None

    def rules(self) -> Iterator[Problem]:
        """Yield the members that belong to the other type; without one it is `server_vad`."""
        own = self.type or "server_vad"
        for name, other in _BELONGS_TO.items():
            if self.given(name) and own in _BELONGS_TO.values() and own != other:
                detail = f'"{name}" belongs to the turn detection type "{other}".'
                yield Problem("Conflicting arguments", detail, (name,))


class BetaTool(RequestBlock):
    """A function of the client."""

    free_form: ClassVar[frozenset[str]] = frozenset({"parameters"})

    type: Literal["function"] | None = None
    name: str | None = None
    description: str | None = None
    parameters: JsonObject | None = None


class BetaExpiresAfter(RequestBlock):
    """When the key that comes with the session expires."""

    anchor: Literal["created_at"]
    seconds: SecretSeconds | None = None


class BetaClientSecret(RequestBlock):
    """How long the key that comes with the session lives."""

    expires_after: BetaExpiresAfter | None = None

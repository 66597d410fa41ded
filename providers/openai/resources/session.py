"""`openai_realtime_session`: a session of the beta interface, which OpenAI has retired.

The documented request still works against compatible servers and the emulator. The live API answers that it does
not know the address, or that the beta is over; both become an error that names the replacement.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field

from providers.errors import Problem, ProviderError
from providers.openai.client import ApiFailure, Client, Request
from providers.openai.models.audio import Speed, Voice, voice_warnings
from providers.openai.models.beta import (
    BetaAudioFormat,
    BetaClientSecret,
    BetaNoiseReduction,
    BetaTool,
    BetaTranscription,
    BetaTurnDetection,
)
from providers.openai.models.names import REALTIME_MODELS, name_warnings
from providers.openai.models.options import MaxTokens, Prompt, Tracing, Truncation
from providers.openai.models.request import RequestBlock
from providers.openai.resources.answers import effective, number_at, still_valid, text_at
from providers.resource import Resource
from providers.schema import Attr


class BetaSession(Resource, RequestBlock):
    """A session of the Realtime API's beta, with a key that lives for about a minute.

    OpenAI has switched this interface off; use `openai_realtime_client_secret`, which gives the same: a key and a
    session id. Both types call the key `value` and its end `expires_at`, so that references stay as they are.
    The argument `client_secret` only says how long the key shall live. `effective_session` is the API's answer
    without the key. It cannot be read, changed or revoked; destroying one only forgets it.
    """

    type: ClassVar[str] = "openai_realtime_session"
    create_before_destroy: ClassVar[bool] = True

    model: str | None = None
    modalities: list[Literal["text", "audio"]] | None = None
    instructions: str | None = None
    voice: Voice | None = None
    input_audio_format: BetaAudioFormat | None = None
    output_audio_format: BetaAudioFormat | None = None
    input_audio_transcription: Annotated[BetaTranscription | None, Attr(explicit_null=True)] = None
    input_audio_noise_reduction: Annotated[BetaNoiseReduction | None, Attr(explicit_null=True)] = None
    turn_detection: Annotated[BetaTurnDetection | None, Attr(explicit_null=True)] = None
    tools: list[BetaTool] | None = None
    tool_choice: str | None = None
    temperature: Annotated[float, Field(ge=0.6, le=1.2)] | None = None
    max_response_output_tokens: MaxTokens | None = None
    speed: Speed | None = None
    tracing: Annotated[Tracing | None, Attr(explicit_null=True)] = None
    truncation: Truncation | None = None
    prompt: Prompt | None = None
    client_secret: BetaClientSecret | None = None
    id: Annotated[str | None, Attr(computed=True)] = None
    value: Annotated[str | None, Attr(computed=True, sensitive=True)] = None
    expires_at: Annotated[int | None, Attr(computed=True)] = None
    effective_session: Annotated[Any, Attr(computed=True)] = None

    @classmethod
    def expiry(cls, data: Mapping[str, Any]) -> float | None:
        """Return when the key stops working."""
        return data.get("expires_at")

    def rules(self) -> Iterator[Problem]:
        """Yield warnings for names nobody knows."""
        yield from name_warnings("realtime model", self.model, REALTIME_MODELS, ("model",))
        yield from voice_warnings(self.voice)

    @classmethod
    def remains(cls, data: Mapping[str, Any], now: float) -> Problem | None:
        """Warn of a key that is forgotten before it ends."""
        return still_valid("the key of a session", data.get("expires_at"), now)

    async def create(self, api: Client) -> Self:
        """Make the session. It is not repeated when its answer is lost."""
        request = Request(
            "/realtime/sessions",
            content_type="application/json",
            body={"json": self.request()},
            model=type(self),
            repeatable=False,
        )
        try:
            answer = await api.send_json(request)
        except ApiFailure as refused:
            if _is_retired(refused):
                raise _retired(refused) from None
            raise
        return self.model_copy(
            update={
                "id": text_at(answer, "id"),
                "value": text_at(answer, "client_secret", "value"),
                "expires_at": number_at(answer, "client_secret", "expires_at"),
                "effective_session": effective({name: answer[name] for name in answer if name != "client_secret"}),
            }
        )


def _is_retired(refused: ApiFailure) -> bool:
    gone = refused.status == 404 and (refused.error.message or "").startswith("Invalid URL")
    return gone or refused.error.code == "beta_api_shape_disabled"


def _retired(refused: ApiFailure) -> ProviderError:
    detail = (
        "OpenAI retired the endpoint behind openai_realtime_session together with the beta of the Realtime API. Use "
        "openai_realtime_client_secret instead: it gives a key (value) and a session id (id) as well; the settings go "
        f"into its argument session. {refused.problems[0].detail}"
    )
    return ProviderError(Problem("The realtime beta is retired", detail))

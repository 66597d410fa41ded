"""The session object of the current interface, shared by client secrets and calls."""

from collections.abc import Iterator
from typing import Annotated, Literal

from providers.errors import Problem
from providers.openai.models.audio import Audio
from providers.openai.models.names import REALTIME_MODELS, REASONING_MODELS, name_warnings
from providers.openai.models.options import MaxTokens, Prompt, Reasoning, Tracing, Truncation
from providers.openai.models.request import RequestBlock
from providers.openai.models.tools import Tool, ToolChoice
from providers.schema import Attr

Include = Literal["item.input_audio_transcription.logprobs"]

_TRANSCRIPTION_MEMBERS = ("type", "audio", "include")


class Session(RequestBlock):
    """How a session behaves: a conversation (`type = "realtime"`) or a transcription (`type = "transcription"`)."""

    type: Literal["realtime", "transcription"]
    output_modalities: list[Literal["audio", "text"]] | None = None
    model: str | None = None
    instructions: str | None = None
    audio: Audio | None = None
    include: list[Include] | None = None
    tracing: Annotated[Tracing | None, Attr(explicit_null=True)] = None
    tools: list[Tool] | None = None
    tool_choice: ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    reasoning: Reasoning | None = None
    max_output_tokens: MaxTokens | None = None
    truncation: Truncation | None = None
    prompt: Prompt | None = None

    def rules(self) -> Iterator[Problem]:
        """Yield what does not fit the type of session or the model."""
        if isinstance(self.output_modalities, list) and len(self.output_modalities) != 1:
            detail = 'A session answers in audio or in text: write ["audio"] or ["text"].'
            yield Problem("Invalid attribute value", detail, ("output_modalities",))
        if self.type == "transcription":
            yield from self._foreign_to_transcription()
        yield from name_warnings("realtime model", self.model, REALTIME_MODELS, ("model",))
        if isinstance(self.model, str) and self.model in REALTIME_MODELS - REASONING_MODELS:
            yield from self._needs_reasoning(self.model)

    def _foreign_to_transcription(self) -> Iterator[Problem]:
        names = [name for name in type(self).model_fields if name not in _TRANSCRIPTION_MEMBERS]
        foreign: list[tuple[str, ...]] = [(name,) for name in names if self.given(name)]
        if isinstance(self.audio, Audio) and self.audio.given("output"):
            foreign.append(("audio", "output"))
        for path in foreign:
            detail = f'A transcription session has no "{".".join(path)}"; it knows "audio.input" and "include" only.'
            yield Problem("Conflicting arguments", detail, path)

    def _needs_reasoning(self, model: str) -> Iterator[Problem]:
        for name in ("reasoning", "parallel_tool_calls"):
            if self.given(name):
                detail = f'The model "{model}" does not reason; "{name}" is for models such as "gpt-realtime-2.1".'
                yield Problem("Unsupported by the model", detail, (name,), "warning")

"""Settings of a session that the current and the beta interface share: tokens, truncation, tracing, prompt."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from providers.errors import Problem
from providers.openai.models.request import JsonObject, RequestBlock
from providers.resource import Members, Number, Text, by_kind

MaxTokens = Annotated[
    Annotated[int, Field(ge=1, le=4096), Number] | Annotated[Literal["inf"], Text],
    by_kind,
]
"""The most tokens of one response: a number, or `inf`."""


SecretSeconds = Annotated[int, Field(ge=10, le=7200)]


class ExpiresAfter(RequestBlock):
    """How long a secret may start sessions."""

    anchor: Literal["created_at"] | None = None
    seconds: SecretSeconds | None = None


class TraceSettings(RequestBlock):
    """A trace under names of one's own."""

    free_form: ClassVar[frozenset[str]] = frozenset({"metadata"})

    workflow_name: str | None = None
    group_id: str | None = None
    metadata: JsonObject | None = None


Tracing = Annotated[Annotated[Literal["auto"], Text] | Annotated[TraceSettings, Members], by_kind]
"""`auto`, or settings of one's own."""


class TokenLimits(RequestBlock):
    """How many tokens truncation leaves."""

    post_instructions: Annotated[int, Field(ge=0)] | None = None


class RetentionRatio(RequestBlock):
    """Truncation that keeps a share of the conversation."""

    type: Literal["retention_ratio"]
    retention_ratio: Annotated[float, Field(ge=0, le=1)]
    token_limits: TokenLimits | None = None


Truncation = Annotated[
    Annotated[Literal["auto", "disabled"], Text] | Annotated[RetentionRatio, Members],
    by_kind,
]
"""What is left out when the conversation grows too long."""


class CacheBreakpoint(RequestBlock):
    """A place up to which the prompt is cached."""

    mode: Literal["explicit"]


_MEMBERS_OF = {
    "input_text": ("text",),
    "input_image": ("image_url", "file_id", "detail"),
    "input_file": ("file_id", "detail", "filename", "file_data", "file_url"),
}
_DETAILS_OF = {"input_image": ("low", "high", "auto", "original"), "input_file": ("auto", "low", "high")}


class PromptContent(RequestBlock):
    """A text, an image or a file that stands in for a variable of a prompt."""

    type: Literal["input_text", "input_image", "input_file"]
    text: str | None = None
    prompt_cache_breakpoint: CacheBreakpoint | None = None
    image_url: str | None = None
    file_id: str | None = None
    detail: Literal["low", "high", "auto", "original"] | None = None
    filename: str | None = None
    file_data: str | None = None
    file_url: str | None = None

    def rules(self) -> Iterator[Problem]:
        """Yield what does not belong to the type, and what it lacks."""
        if not isinstance(self.type, str):
            return
        own = (*_MEMBERS_OF[self.type], "type", "prompt_cache_breakpoint")
        for name in type(self).model_fields:
            if name not in own and self.given(name):
                detail = f'"{name}" does not belong to content of type "{self.type}".'
                yield Problem("Conflicting arguments", detail, (name,))
        needed = {"input_text": "text", "input_image": "detail"}.get(self.type)
        if needed and getattr(self, needed) is None:
            detail = f'Content of type "{self.type}" needs "{needed}".'
            yield Problem("Missing required argument", detail, (needed,))
        allowed = _DETAILS_OF.get(self.type, ())
        if isinstance(self.detail, str) and allowed and self.detail not in allowed:
            detail = f'"detail" of type "{self.type}" must be one of {", ".join(allowed)}, but is "{self.detail}".'
            yield Problem("Invalid attribute value", detail, ("detail",))


class Prompt(RequestBlock):
    """A stored prompt and what to put in for its variables."""

    id: str
    version: str | None = None
    variables: dict[str, Annotated[Annotated[str, Text] | Annotated[PromptContent, Members], by_kind]] | None = None


class Reasoning(RequestBlock):
    """How much a reasoning model thinks."""

    effort: Literal["minimal", "low", "medium", "high", "xhigh"] | None = None

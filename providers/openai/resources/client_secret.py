"""`openai_realtime_client_secret`: a short-lived key that a browser or a phone may start sessions with."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from providers.errors import Problem
from providers.openai.client import Client, Request
from providers.openai.models.options import ExpiresAfter
from providers.openai.models.request import RequestBlock
from providers.openai.models.session import Session
from providers.openai.resources.answers import effective, number_at, object_at, still_valid, text_at, tool_secrets
from providers.resource import Resource
from providers.schema import Attr


class ClientSecret(Resource, RequestBlock):
    """An ephemeral key for the Realtime API, with the session settings bound to it.

    It cannot be read, changed or revoked: it stops working at `expires_at`. Destroying one only forgets it.
    `session` is what was configured; `effective_session` is what the API made of it, defaults filled in.
    """

    type: ClassVar[str] = "openai_realtime_client_secret"
    create_before_destroy: ClassVar[bool] = True

    expires_after: ExpiresAfter | None = None
    session: Session | None = None
    id: Annotated[str | None, Attr(computed=True)] = None
    value: Annotated[str | None, Attr(computed=True, sensitive=True)] = None
    expires_at: Annotated[int | None, Attr(computed=True)] = None
    effective_session: Annotated[Any, Attr(computed=True)] = None

    @classmethod
    def expiry(cls, data: Mapping[str, Any]) -> float | None:
        """Return when the secret stops working."""
        return data.get("expires_at")

    @classmethod
    def remains(cls, data: Mapping[str, Any], now: float) -> Problem | None:
        """Warn of a key that is forgotten before it ends."""
        return still_valid("a client secret", data.get("expires_at"), now)

    async def create(self, api: Client) -> Self:
        """Make the secret. One whose answer is lost expires by itself, so the request may be repeated."""
        request = Request(
            "/realtime/client_secrets",
            content_type="application/json",
            body={"json": self.request()},
            secrets=tuple(tool_secrets(self.session)),
            model=type(self),
        )
        answer = await api.send_json(request)
        return self.model_copy(
            update={
                "id": text_at(answer, "session", "id"),
                "value": text_at(answer, "value"),
                "expires_at": number_at(answer, "expires_at"),
                "effective_session": effective(object_at(answer, "session")),
            }
        )

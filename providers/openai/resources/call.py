"""`openai_realtime_call`: a WebRTC call between a live peer and a model."""

import json
import re
from collections.abc import Iterator, Mapping
from email.utils import mktime_tz, parsedate_tz
from typing import Annotated, Any, ClassVar, Self
from urllib.parse import quote, urljoin, urlsplit

from providers.errors import OutcomeUnknown, Problem, failure
from providers.openai.client import Answer, ApiFailure, Client, Request
from providers.openai.configuration import origin_of
from providers.openai.models.request import RequestBlock
from providers.openai.models.session import Session
from providers.openai.resources.answers import tool_secrets
from providers.redaction import offer_secrets
from providers.resource import Resource
from providers.schema import Attr

LONGEST_CALL = 3600  # seconds; no setting of the API changes it
_CALL_ID = re.compile(r"[A-Za-z0-9._~-]{1,256}")
_MOST_CLOCK_SKEW = 24 * 3600.0


class Call(Resource, RequestBlock):
    """A call that the API answered: the peer that made the offer `sdp` connects with `sdp_answer`.

    The API drops a call whose peer never connects, and ends every call after an hour: `expires_at`. It cannot be
    read or changed; destroying it hangs up. `sdp` is sent byte for byte; its lines end in CRLF, so read it with
    `file()` rather than writing a heredoc.
    """

    type: ClassVar[str] = "openai_realtime_call"

    sdp: Annotated[str, Attr(sensitive=True)]
    session: Session | None = None
    id: Annotated[str | None, Attr(computed=True)] = None
    call_id: Annotated[str | None, Attr(computed=True)] = None
    sdp_answer: Annotated[str | None, Attr(computed=True, sensitive=True)] = None
    created_at: Annotated[int | None, Attr(computed=True)] = None
    expires_at: Annotated[int | None, Attr(computed=True)] = None

    @classmethod
    def expiry(cls, data: Mapping[str, Any]) -> float | None:
        """Return when the call is over for sure."""
        return data.get("expires_at")

    def rules(self) -> Iterator[Problem]:
        """Yield what does not make a call."""
        if isinstance(self.sdp, str):
            yield from _offer_problems(self.sdp)
        if isinstance(self.session, Session) and self.session.type == "transcription":
            detail = 'A call is a realtime session: write type = "realtime".'
            yield Problem("Invalid attribute value", detail, ("session", "type"))
        if self.session is None:
            detail = (
                'Without "session" the offer is sent alone. The API documents that for ephemeral keys only, '
                "whose session settings then apply; give the session its type and model."
            )
            yield Problem("Call without session settings", detail, ("session",), "warning")

    async def create(self, api: Client) -> Self:
        """Send the offer. It is not repeated when its answer is lost: that call would have no known id."""
        answer = await api.send(self._creation())
        call_id = _call_id(answer, api.address)
        created = _created(answer, api.now())
        try:
            sdp_answer = answer.body.decode()
        except UnicodeDecodeError:
            raise _unusable("its body is no text", answer) from None
        return self.model_copy(
            update={
                "id": call_id,
                "call_id": call_id,
                "sdp_answer": sdp_answer,
                "created_at": created,
                "expires_at": created + LONGEST_CALL,
            }
        )

    async def delete(self, api: Client) -> None:
        """Hang up. A call that is over already is no error."""
        call_id = self.call_id or self.id or ""
        if not _is_call_id(call_id):
            detail = "The call id in the state is no call id. Remove the call from the state; it ends by itself."
            raise failure("Invalid call id", detail, "call_id")
        path = f"/realtime/calls/{quote(call_id, safe='')}/hangup"
        try:
            await api.send(Request(path, accept="*/*", content_type="application/json"))
        except ApiFailure as refused:
            if refused.status not in (400, 404) or refused.error.code != "call_id_not_found":
                raise

    def _creation(self) -> Request:
        offer = self.sdp.encode()
        secrets = (*offer_secrets(self.sdp), *tool_secrets(self.session))
        body: dict[str, Any] = {"content": offer}
        if self.session is not None:
            # Parts without file names, in this order, as the official SDK sends them.
            session = json.dumps(self.session.request(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            parts = (("sdp", offer, "application/sdp"), ("session", session.encode(), "application/json"))
            body = {"files": [(name, (None, content, kind)) for name, content, kind in parts]}
        return Request(
            "/realtime/calls",
            accept="application/sdp",
            content_type=None if "files" in body else "application/sdp",
            body=body,
            secrets=secrets,
            model=type(self),
            repeatable=False,
        )


def _offer_problems(offer: str) -> Iterator[Problem]:
    if not offer.startswith("v=0"):
        yield Problem("Invalid attribute value", 'An SDP offer starts with the line "v=0".', ("sdp",))
    elif "\n" in offer and "\r\n" not in offer:
        detail = "Its lines end in LF, as a heredoc gives them, where SDP has CRLF. It is sent as it is."
        yield Problem("Unusual SDP offer", detail, ("sdp",), "warning")


def _call_id(answer: Answer, address: str) -> str:
    """Return the call's id from `Location`, which is documented as a relative URL."""
    location = answer.headers.get("location", "").strip()
    try:
        target = urljoin(f"{address}/realtime/calls", location)
        same_origin = origin_of(target) == origin_of(address)
        segments = urlsplit(target).path.split("/")
    except ValueError:
        raise _unusable("its Location is no URL", answer) from None
    if not location or not same_origin:
        raise _unusable("its Location is missing or points to another server", answer)
    after = segments[segments.index("calls") + 1 :] if "calls" in segments else []
    if not after or not _is_call_id(after[0]):
        raise _unusable("its Location names no call", answer)
    return after[0]


def _is_call_id(text: str) -> bool:
    return _CALL_ID.fullmatch(text) is not None and text not in (".", "..")


def _unusable(why: str, answer: Answer) -> OutcomeUnknown:
    detail = (
        f"The API created the call{answer.note}, but {why}, so its id is unknown and rtf cannot hang it up. "
        "It ends by itself: within seconds when no peer connects, otherwise after an hour at most."
    )
    return OutcomeUnknown(Problem("Call with unknown id", detail))


def _created(answer: Answer, now: float) -> int:
    """Return when the call began: by the server's clock, unless that is missing or absurd."""
    try:
        parsed = parsedate_tz(answer.headers.get("date", ""))
        date = float(mktime_tz(parsed)) if parsed else now
    except (ValueError, OverflowError):
        date = now
    return int(date if abs(date - now) <= _MOST_CLOCK_SKEW else now)

"""Answer a WebRTC offer, the way a server that takes the call would.

Every media section of the offer gets its counterpart, with credentials of our own; nothing listens behind them.
"""

import re
import secrets
from dataclasses import dataclass

from providers.openai.emulator.problems import Refused

_OPPOSITE = {"sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive", "sendrecv": "sendrecv"}
_TAKEN = ("audio", "application")


@dataclass(frozen=True, slots=True)
class _Media:
    """One `m=` section of an offer."""

    kind: str
    protocol: str
    formats: list[str]
    attributes: list[str]  # without the leading `a=`

    def value(self, name: str) -> str | None:
        start = f"{name}:"
        return next((line.removeprefix(start) for line in self.attributes if line.startswith(start)), None)


def read_offer(body: bytes) -> str:
    """Return an offer as text, unchanged; raises Refused when it is no session description."""
    try:
        offer = body.decode()
    except UnicodeDecodeError:
        offer = ""
    if not re.match(r"v=0\r?\n", offer):
        message = "Invalid SDP offer: a session description starts with the line v=0."
        raise Refused(400, message, code="invalid_offer")
    return offer


def answer_offer(offer: str) -> str:
    """Return an SDP answer with the media sections of `offer`, lines ending in CRLF."""
    session, media = _parse(offer)
    taken = [section.value("mid") for section in media if section.kind in _TAKEN]
    bundle = " ".join(mid for mid in taken if mid is not None)
    credentials = [
        f"a=ice-ufrag:{secrets.token_hex(4)}",
        f"a=ice-pwd:{secrets.token_hex(16)}",
        f"a=fingerprint:sha-256 {secrets.token_bytes(32).hex(':').upper()}",
    ]
    lines = ["v=0", f"o=- {secrets.randbits(62)} 2 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    lines += [f"a=group:BUNDLE {bundle}"] if bundle else []
    lines += ["a=msid-semantic:WMS *"]
    role = next((line for line in session if line.startswith("setup:")), "setup:actpass").removeprefix("setup:")
    for section in media:
        lines += _answer_section(section, credentials, section.value("setup") or role)
    return "\r\n".join(lines) + "\r\n"


def _parse(offer: str) -> tuple[list[str], list[_Media]]:
    """Return the attributes of the whole session, and the media sections."""
    session: list[str] = []
    media: list[_Media] = []
    for line in re.split(r"\r?\n", offer):
        if match := re.fullmatch(r"m=(\S+) \S+ (\S+)((?: \S+)*)", line):
            kind, protocol, formats = match.groups()
            media.append(_Media(kind, protocol, formats.split(), []))
        elif line.startswith("a="):
            (media[-1].attributes if media else session).append(line.removeprefix("a="))
    return session, media


def _answer_section(media: _Media, credentials: list[str], offered_role: str) -> list[str]:
    mid = media.value("mid")
    named = [f"a=mid:{mid}"] if mid is not None else []
    if media.kind not in _TAKEN:  # refused: port zero
        return [
            f"m={media.kind} 0 {media.protocol} {' '.join(media.formats)}",
            "c=IN IP4 0.0.0.0",
            *named,
            "a=inactive",
        ]
    formats, details = _audio(media) if media.kind == "audio" else (media.formats, _data(media))
    role = "passive" if offered_role == "active" else "active"
    return [
        f"m={media.kind} 9 {media.protocol} {' '.join(formats)}",
        "c=IN IP4 127.0.0.1",
        *named,
        *details,
        *credentials,
        f"a=setup:{role}",
        "a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host",
        "a=end-of-candidates",
    ]


def _audio(media: _Media) -> tuple[list[str], list[str]]:
    """Return the one format that is taken, Opus when it is offered, and the lines that describe it."""
    opus = (line for line in media.attributes if re.match(r"rtpmap:\d+ opus/48000", line, re.IGNORECASE))
    chosen = next((re.split(r"[: ]", line)[1] for line in opus), None) or next(iter(media.formats), "0")
    about = [f"a={line}" for line in media.attributes if re.match(rf"(rtpmap|fmtp):{re.escape(chosen)} ", line)]
    direction = next((line for line in media.attributes if line in _OPPOSITE), "sendrecv")
    return [chosen], [*about, f"a={_OPPOSITE[direction]}", "a=rtcp-mux"]


def _data(media: _Media) -> list[str]:
    return [f"a=sctp-port:{media.value('sctp-port') or 5000}", "a=max-message-size:262144"]

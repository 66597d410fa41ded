"""Take secrets out of texts that other people wrote, such as the messages of an API.

A server may echo what it was sent, as it is or encoded. Whatever a person will read, errors, log lines and pieces of
source text, goes through here first.
"""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

REDACTED = "(sensitive value)"

_SHORTEST = 4  # shorter texts are no secrets, and would be found inside every word
_KEYS = re.compile(
    r"\b(?:sk-|ek_|sess-)[\w*.…-]*[\w*]"
    r"|\bBearer\s+[^\s\"',;]+"
    r"|\b(?:ice-ufrag|ice-pwd):[^\s\"'\\]+"
    r"|\bfingerprint:\S+ [0-9A-F:]+"
)
_LONG = 12  # texts from here on are known by their first half already
_REST = r"[^\s\"',;]*"
_LONGEST_MESSAGE = 2000


def redact(text: str, secrets: Iterable[str]) -> str:
    """Return `text` without any of `secrets` in any of their written forms, and without anything like a key."""
    forms = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)
    starts = [form[: max(8, len(form) // 2)] for form in forms if len(form) >= _LONG]
    for pattern in (
        "|".join(map(re.escape, forms)),
        "|".join(re.escape(start) + _REST for start in starts),  # servers cut long texts short
    ):
        text = re.sub(pattern, REDACTED, text, flags=re.IGNORECASE) if pattern else text
    text = _KEYS.sub(REDACTED, text)
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}..."


def offer_secrets(offer: str) -> Iterator[str]:
    """Yield an SDP text, its lines, and the values of its attributes: a server may quote any of them."""
    yield offer
    for line in offer.splitlines():
        value = line.partition(":")[2]
        yield from (part for part in (line, value) if len(part) >= 8)


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as it is, and as URLs, JSON and base64 write it."""
    if len(secret) < _SHORTEST:
        return
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    raw = secret.encode("utf-8", "surrogatepass")
    for encode in (b64encode, urlsafe_b64encode):
        for before in range(3):  # base64 reads three bytes at a time: it depends on what stands before
            yield from _inside_base64(encode(b"\0" * before + raw).decode(), before, len(raw))


def _inside_base64(text: str, before: int, length: int) -> Iterator[str]:
    """Yield the characters of a base64 text that depend on the secret alone."""
    start = (before * 8 + 5) // 6
    end = (before + length) * 8 // 6
    if end - start >= 8:
        yield text[start:end]

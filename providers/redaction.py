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
_LONG = 12  # texts from here on are known by their first half already: servers cut long texts short
_PREFIX = 8  # characters by which forms are found
_REST = re.compile(r"[^\s\"',;]*")
_LONGEST_MESSAGE = 2000


class Redactor:
    """The secrets of a run, and the way to take them out of texts, in any of their written forms.

    It grows while the run goes on. Hiding takes time in proportion to the text, however many secrets there are.
    """

    __slots__ = ("_by_prefix", "_known", "_short")

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known: set[str] = set()
        self._short: list[str] = []
        self._by_prefix: dict[str, list[str]] = {}
        self.update(secrets)

    def update(self, secrets: Iterable[str]) -> None:
        """Add secrets. Texts of several lines are known by each of their longer lines as well."""
        for secret in secrets:
            if secret in self._known:
                continue
            self._known.add(secret)
            parts = {secret, *(line for line in secret.splitlines() if len(line) >= _LONG)}
            for form in {form.lower() for part in parts for form in _forms(part)}:
                if len(form) < _PREFIX:
                    self._short.append(form)
                else:
                    self._by_prefix.setdefault(form[:_PREFIX], []).append(form)

    def hide(self, text: str) -> str:
        """Return `text` without any of the secrets, and without anything like a key."""
        if self._by_prefix:
            text = self._without_long(text)
        if self._short:
            pattern = "|".join(map(re.escape, sorted(self._short, key=len, reverse=True)))
            text = re.sub(pattern, REDACTED, text, flags=re.IGNORECASE)
        return _KEYS.sub(REDACTED, text)

    def _without_long(self, text: str) -> str:
        lowered = text.lower()
        if len(lowered) != len(text):  # a few letters change their length: then compare them as they are
            lowered = text
        prefixes = self._by_prefix
        found = [i for i in range(len(lowered) - _PREFIX + 1) if lowered[i : i + _PREFIX] in prefixes]
        pieces, done = [], 0
        for start in found:
            end = start + self._length_at(lowered, start)
            if end > start and start >= done:
                pieces += [text[done:start], REDACTED]
                done = end
        return "".join([*pieces, text[done:]])

    def _length_at(self, lowered: str, start: int) -> int:
        """Return how many characters from `start` on are a secret or the first half of one."""
        length = 0
        for form in self._by_prefix[lowered[start : start + _PREFIX]]:
            if lowered.startswith(form, start):
                length = max(length, len(form))
            elif len(form) >= _LONG and lowered.startswith(form[: max(_PREFIX, len(form) // 2)], start):
                rest = _REST.match(lowered, start)
                length = max(length, rest.end() - start if rest else 0)
        return length


def redact(text: str, secrets: Iterable[str]) -> str:
    """Return a message of a server without any of `secrets`, and not longer than a person reads."""
    text = Redactor(secrets).hide(text)
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}..."


def offer_secrets(offer: str) -> Iterator[str]:
    """Yield an SDP text, its lines, and the values of its attributes: a server may quote any of them."""
    yield offer
    for line in offer.splitlines():
        value = line.partition(":")[2]
        yield from (part for part in (line, value) if len(part) >= 8)


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as it is, and as URLs, JSON, Python and base64 write it."""
    if len(secret) < _SHORTEST:
        return
    yield secret
    yield quote(secret, safe="")
    yield quote(secret)  # as a part of a path
    yield quote_plus(secret)
    for ascii_only in (True, False):
        once = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        yield from (once, json.dumps(once, ensure_ascii=ascii_only)[1:-1])  # an echo may be JSON inside of JSON
    yield repr(secret)[1:-1]
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

"""Secrets that a test plants, and a search for them in whatever a program says or leaves behind."""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

from tests.rtf.end_to_end.configurations import OFFER

KEY = "sk-canary-4kXq9vTn2LmZ7wRb"
TOKEN = 'canary-"token"\\with/odd+signs=ø&more'  # each of its signs is written differently somewhere
HEADER = "canary header value 8f3a/61+c"
VARIABLE = "canary-variable-Zq81/x+y"
TFVARS = "canary-tfvars-77Hd02mLp"
OFFER_LINES = [
    line
    for line in OFFER.read_text().splitlines()
    if line.startswith(("a=ice-pwd:", "a=fingerprint:", "a=candidate:", "a=ice-ufrag:"))
]


def hcl(text: str) -> str:
    """Return `text` as HCL writes it between quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def forms(secret: str) -> Iterator[str]:
    """Yield a secret as it is, and as JSON, HCL, URLs, Python and base64 write it."""
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield hcl(secret)
    yield json.dumps(hcl(secret), ensure_ascii=False)[1:-1]
    yield quote(secret, safe="")
    yield quote(secret)
    yield quote_plus(secret)
    yield repr(secret)[1:-1]
    raw = secret.encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            text = encode(b"\0" * before + raw).decode()
            yield text[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]


def found_in(text: str, secrets: Iterable[str]) -> list[str]:
    """Return each form of a secret that stands in `text`, even broken over lines."""
    joined = " ".join(text.split())
    unbroken = "".join(text.split())
    return [
        form
        for secret in secrets
        for form in dict.fromkeys(forms(secret))
        if form in text or " ".join(form.split()) in joined or "".join(form.split()) in unbroken
    ]


def files_with(directory: Path, secrets: Iterable[str]) -> set[str]:
    """Return the names of the files below `directory` that hold a secret."""
    planted = [form.encode() for secret in secrets for form in forms(secret)]
    files = [path for path in directory.rglob("*") if path.is_file()]
    return {path.name for path in files if any(form in path.read_bytes() for form in planted)}

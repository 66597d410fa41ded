"""The `provider "openai"` block, and what it comes to together with the environment.

An argument beats its environment variable, which counts only when the argument is absent or null. Blank texts
count as missing. The environment is read when the provider is opened, never at import.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import Field

from providers.errors import Problem, ProviderError
from providers.resource import Block
from providers.schema import Attr

DEFAULT_BASE_URL = "https://api.openai.com/v1"
EMULATOR = "emulator"
EMULATOR_KEY = "sk-emulator-placeholder"  # the emulator wants a key, any key; this one opens nothing else

_VARIABLES = {
    "api_key": "OPENAI_API_KEY",
    "admin_api_key": "OPENAI_ADMIN_KEY",
    "organization": "OPENAI_ORG_ID",
    "project": "OPENAI_PROJECT_ID",
    "webhook_secret": "OPENAI_WEBHOOK_SECRET",
    "base_url": "OPENAI_BASE_URL",
}
_SECRET_ARGUMENTS = ("api_key", "admin_api_key", "webhook_secret")
_SECRET_HEADER = re.compile(r"auth|key|token|secret|cookie|password", re.IGNORECASE)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*")


class Configuration(Block):
    """Which API to talk to, and as whom."""

    api_key: Annotated[str | None, Attr(sensitive=True)] = None
    admin_api_key: Annotated[str | None, Attr(sensitive=True)] = None
    organization: str | None = None
    project: str | None = None
    webhook_secret: Annotated[str | None, Attr(sensitive=True)] = None
    base_url: str | None = None
    data_residency: Literal["us", "eu", "ae", "au", "in", "jp", "global"] | None = None
    timeout: Annotated[int, Field(ge=1, le=3600)] | None = None
    max_retries: Annotated[int, Field(ge=0, le=20)] | None = None

    def rules(self) -> Iterator[Problem]:
        """Yield what is wrong with the address."""
        if self.data_residency is not None and self.base_url is not None:
            detail = '"data_residency" chooses a base URL; leave out one of the two.'
            yield Problem("Conflicting arguments", detail, ("data_residency",))
        if isinstance(self.base_url, str):
            yield from base_url_problems(self.base_url)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the client needs to know. Its `repr` shows no secret."""

    base_url: str = DEFAULT_BASE_URL  # without a slash at the end; `emulator` for the built-in one
    api_key: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float = 600.0
    max_retries: int = 2
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def emulated(self) -> bool:
        """Whether requests go to the built-in emulator."""
        return self.base_url == EMULATOR


def resolve(configuration: Any, environment: Mapping[str, str]) -> Settings:
    """Return the settings that `configuration`, a `Configuration` or plain data for one, comes to.

    Raises ProviderError when they cannot work. A missing key is no problem yet: it may not be needed.
    """
    block = loaded(configuration)
    base_url = _base_url(block, environment)
    api_key = _value(block, "api_key", environment) or (EMULATOR_KEY if base_url == EMULATOR else None)
    settings = Settings(
        base_url=base_url,
        api_key=api_key,
        headers=_headers(block, environment),
        timeout=float(block.timeout) if isinstance(block.timeout, int) else 600.0,
        max_retries=block.max_retries if isinstance(block.max_retries, int) else 2,
        secrets=secrets_of(block, environment),
    )
    problems = list(_header_problems(settings))
    if problems:
        raise ProviderError(*problems)
    return settings


def loaded(configuration: Any) -> Configuration:
    """Return `configuration` checked, whether it is checked already, plain data, or absent (None)."""
    if isinstance(configuration, Configuration):
        return configuration
    return Configuration.load(configuration or {})


def secrets_of(configuration: Any, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return every secret text that arguments and environment hold, used or not, valid or not."""
    given = configuration if isinstance(configuration, Mapping) else vars(configuration or Configuration())
    found = [given.get(name) for name in _SECRET_ARGUMENTS]
    found += [environment.get(_VARIABLES[name]) for name in _SECRET_ARGUMENTS]
    found += [value for name, value in _custom_headers(environment).items() if _SECRET_HEADER.search(name)]
    texts = [text for text in found if isinstance(text, str) and text.strip()]
    return tuple(dict.fromkeys([*texts, *(text.strip() for text in texts)]))


def base_url_problems(base_url: str) -> Iterator[Problem]:
    """Yield the first thing that is wrong with `base_url`, if any."""
    fault = _base_url_fault(base_url.strip())
    if fault:
        detail = f'"base_url" {fault}. An example is "{DEFAULT_BASE_URL}"; "{EMULATOR}" is the built-in emulator.'
        yield Problem("Invalid base URL", detail, ("base_url",))


def _base_url_fault(url: str) -> str | None:
    if url == EMULATOR:
        return None
    if not url:
        return "must not be empty"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is no URL, or its port is not between 1 and 65535"
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isascii() or not url.isprintable():
        return "must be an absolute URL that starts with https:// (or http:// on this machine)"
    if parts.username is not None or parts.password is not None:
        return "must not hold a user name or a password; keys go into api_key"
    if port == 0:
        return "has a port that is not between 1 and 65535"
    if parts.query or parts.fragment or re.search(r"\s", url):
        return "must end with its path, without query, fragment or blanks"
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        return "may use http only for localhost and loopback addresses; use https"
    return None


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and effective port of an http or https URL. Raises ValueError for a broken one."""
    parts: SplitResult = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").rstrip("."), port


def _base_url(block: Configuration, environment: Mapping[str, str]) -> str:
    residency = block.data_residency
    if isinstance(residency, str):
        return DEFAULT_BASE_URL if residency == "global" else f"https://{residency}.api.openai.com/v1"
    found = _value(block, "base_url", environment)
    if found is None:
        return DEFAULT_BASE_URL
    problems = list(base_url_problems(found))
    if problems and block.base_url is None:
        note = f"It comes from the environment variable {_VARIABLES['base_url']}."
        raise ProviderError(*(Problem(found.summary, f"{found.detail} {note}", found.path) for found in problems))
    if problems:
        raise ProviderError(*problems)
    return found.rstrip("/")


def _value(block: Configuration, name: str, environment: Mapping[str, str]) -> str | None:
    """Return an argument, or its environment variable; None when both are missing or it is not known yet."""
    value = getattr(block, name)
    if value is None:
        value = environment.get(_VARIABLES[name])
    return value.strip() or None if isinstance(value, str) else None


def _headers(block: Configuration, environment: Mapping[str, str]) -> dict[str, str]:
    headers = {}
    for name, header in (("organization", "OpenAI-Organization"), ("project", "OpenAI-Project")):
        value = _value(block, name, environment)
        if value is not None:
            headers[header] = value
    return {**headers, **_custom_headers(environment)}


def _custom_headers(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the lines `Name: value` of OPENAI_CUSTOM_HEADERS, as the official SDK reads them."""
    lines = environment.get("OPENAI_CUSTOM_HEADERS", "").split("\n")
    pairs = [line.split(":", 1) for line in lines if ":" in line]
    return {name.strip(): value.strip() for name, value in pairs}


def _header_problems(settings: Settings) -> Iterator[Problem]:
    if settings.api_key is not None and not _HEADER_VALUE.fullmatch(settings.api_key):
        detail = "The API key holds a character that no key can hold, such as a line break. Copy it again."
        yield Problem("Invalid API key", detail, ("api_key",))
    for name, value in settings.headers.items():
        if _HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value):
            continue
        argument = {"OpenAI-Organization": "organization", "OpenAI-Project": "project"}.get(name)
        where = f'"{argument}"' if argument else "A line of OPENAI_CUSTOM_HEADERS"
        detail = f"{where} holds a character that cannot be sent in a header."
        yield Problem("Invalid header", detail, (argument,) if argument else ())

"""Tell who is asking: standard keys, ephemeral keys, and the admin keys that do not work here."""

from collections.abc import Collection

from starlette.requests import Request

from providers.openai.emulator.problems import Refused

EPHEMERAL = "ek_"
ADMIN = "sk-admin"


class Keyring:
    """The standard keys that are accepted: those named, or any when none are."""

    def __init__(self, accepted: Collection[str] | None) -> None:
        self._accepted = None if accepted is None else frozenset(accepted)

    def require_standard(self, request: Request) -> None:
        """Raise Refused unless the request carries a standard key."""
        key = bearer(request)
        if key.startswith(ADMIN):
            raise _unauthorized("An admin API key cannot be used with this endpoint. Use a standard API key.")
        if key.startswith(EPHEMERAL) or (self._accepted is not None and key not in self._accepted):
            raise _unauthorized(f"Incorrect API key provided: {_masked(key)}.")


def bearer(request: Request) -> str:
    """Return the key that the request carries; raises Refused when there is none."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise _unauthorized("Missing bearer authentication: no API key was provided in the Authorization header.")
    return key.strip()


def unknown_ephemeral(key: str) -> Refused:
    """Return the problem of an ephemeral key that does not exist or has expired."""
    return _unauthorized(f"Incorrect or expired ephemeral key provided: {_masked(key)}.")


def refuse_beta(request: Request) -> None:
    """Raise Refused when the request asks for the retired beta interface, which current endpoints do not speak."""
    asked = ",".join(request.headers.getlist("openai-beta"))
    if any(item.strip().lower().startswith("realtime=") for item in asked.split(",")):
        message = "The Realtime Beta API is no longer supported. Leave out the header OpenAI-Beta."
        raise Refused(400, message, code="beta_api_shape_disabled")


def _masked(key: str) -> str:
    """Return enough of a long key to recognise it, and nothing of a short one."""
    return f"{key[:3]}***{key[-4:]}" if len(key) >= 24 else "***"


def _unauthorized(message: str) -> Refused:
    return Refused(401, message, code="invalid_api_key", headers={"WWW-Authenticate": "Bearer"})

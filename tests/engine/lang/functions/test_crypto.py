"""Checksums, passwords, identifiers, and what was encrypted for a key."""

import re

import bcrypt
import pytest

from engine.lang.values import Value
from tests.engine.lang.describing import DIRECTORY, call, failure, secret

KEY = (DIRECTORY / "files" / "throwaway_rsa_key.pem").read_text()
OTHER_FORM = (DIRECTORY / "files" / "throwaway_rsa_pkcs8.pem").read_text()
ENCRYPTED = (DIRECTORY / "files" / "rsa_cipher.b64").read_text()


@pytest.mark.parametrize("key", [KEY, OTHER_FORM], ids=["PKCS 1", "PKCS 8"])
def test_what_was_encrypted_for_a_key_is_read_with_it(key: str) -> None:
    assert call("rsadecrypt", ENCRYPTED, key) == "secret message"


@pytest.mark.parametrize(("data", "key", "message", "argument"), [
    pytest.param("not-base64!", KEY, 'failed to decode input "not-base64!": cipher text must be base64-encoded', 0, id="no Base64"),
    pytest.param(secret("!"), KEY, "failed to decode input (sensitive value): cipher text must be base64-encoded", 0, id="a secret"),
    pytest.param(ENCRYPTED, "not a key", "invalid private key: ssh: no key found", 1, id="no key"),
    pytest.param(ENCRYPTED, KEY.replace("M", "N"), "invalid private key: it cannot be read", 1, id="a broken key"),
    pytest.param("aGVsbG8=", KEY, "failed to decrypt: crypto/rsa: decryption error", None, id="too short"),
    pytest.param("A" * 170 + "==", KEY, "failed to decrypt: crypto/rsa: decryption error", None, id="other data"),
])  # fmt: skip
def test_what_cannot_be_decrypted_tells_why(data: Value, key: str, message: str, argument: int | None) -> None:
    assert failure("rsadecrypt", data, key) == (message, argument)


def test_a_password_is_hashed_with_salt() -> None:
    first, second = call("bcrypt", "key", 4), call("bcrypt", "key", 4)
    assert first != second
    assert first.startswith("$2a$04$")
    assert bcrypt.checkpw(b"key", first.encode())
    assert call("bcrypt", "key", -5).startswith("$2a$10$")


@pytest.mark.parametrize(("arguments", "message"), [
    pytest.param(["a", 4, 5], "bcrypt() takes no more than two arguments", id="two costs"),
    pytest.param(["a", 32], "a cost of 32 is outside of the allowed range from 4 to 31", id="no such cost"),
    pytest.param(["a", 31], "a cost above 18 would take minutes to compute", id="a cost that nobody can pay"),
    pytest.param(["é" * 37, 4], "password length exceeds 72 bytes", id="a long password"),
])  # fmt: skip
def test_a_password_that_cannot_be_hashed_tells_why(arguments: list[Value], message: str) -> None:
    assert failure("bcrypt", *arguments) == (message, None)


def test_identifiers() -> None:
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", call("uuid"))
    assert call("uuid") != call("uuid")
    assert call("uuidv5", "{6BA7B810-9DAD-11D1-80B4-00C04FD430C8}", "a") == call("uuidv5", "dns", "a")


@pytest.mark.parametrize(("namespace", "message"), [
    pytest.param("bogus", "uuidv5() doesn't support namespace bogus (invalid UUID length: 5)", id="another length"),
    pytest.param("g" * 36, f"uuidv5() doesn't support namespace {'g' * 36} (invalid UUID format)", id="other characters"),
    pytest.param(secret("bogus"), "uuidv5() doesn't support namespace (sensitive value)", id="a secret"),
])  # fmt: skip
def test_a_namespace_that_is_none_is_refused(namespace: Value, message: str) -> None:
    assert failure("uuidv5", namespace, "a") == (message, None)

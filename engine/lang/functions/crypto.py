"""Checksums, password hashes, identifiers, and the decryption of secrets that were encrypted for an RSA key."""

import base64
import binascii
import hashlib
import uuid
from collections.abc import Callable
from typing import Any, Final

from engine.lang.convert import normalize
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.functions.numbers import whole_number
from engine.lang.numbers import Number
from engine.lang.types import NUMBER, STRING
from engine.lang.values import Value

ALGORITHMS: Final = ("md5", "sha1", "sha256", "sha512")

_DEFAULT_COST: Final = 10
_MAX_COST: Final = 31
_LARGEST_COST: Final = 18  # each further step takes twice as long; this one takes about 20 seconds
_MAX_PASSWORD: Final = 72
_NAMESPACES: Final = {
    "dns": uuid.NAMESPACE_DNS,
    "oid": uuid.NAMESPACE_OID,
    "url": uuid.NAMESPACE_URL,
    "x500": uuid.NAMESPACE_X500,
}


def hexadecimal_hash(algorithm: str, data: bytes) -> str:
    """Return a checksum in hexadecimal."""
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


def base64_hash(algorithm: str, data: bytes) -> str:
    """Return a checksum in Base64."""
    return base64.b64encode(hashlib.new(algorithm, data, usedforsecurity=False).digest()).decode()


def _bcrypt(password: str, *costs: Number) -> str:
    if len(costs) > 1:
        raise FunctionError("bcrypt() takes no more than two arguments")
    cost = whole_number(costs[0]) if costs else _DEFAULT_COST
    if cost < 4:
        cost = _DEFAULT_COST
    if cost > _MAX_COST:
        raise FunctionError(f"a cost of {cost} is outside of the allowed range from 4 to {_MAX_COST}")
    if cost > _LARGEST_COST:
        raise FunctionError(f"a cost above {_LARGEST_COST} would take minutes to compute")
    data = password.encode()
    if len(data) > _MAX_PASSWORD:
        raise FunctionError(f"password length exceeds {_MAX_PASSWORD} bytes")
    import bcrypt

    try:
        return bcrypt.hashpw(data, bcrypt.gensalt(cost, prefix=b"2a")).decode()
    except ValueError as problem:
        raise FunctionError(str(problem)) from None


def _uuid() -> str:
    return str(uuid.uuid4())


def _uuidv5(namespace: str, name: str) -> str:
    space = _NAMESPACES.get(namespace) or _parse_uuid(namespace)
    return str(uuid.uuid5(space, name))


def _parse_uuid(text: str) -> uuid.UUID:
    problem = "invalid UUID format"
    if len(text.encode()) not in (32, 36, 38, 45):
        problem = f"invalid UUID length: {len(text.encode())}"
    else:
        try:
            return uuid.UUID(text)
        except ValueError:
            pass
    raise FunctionError(
        f"uuidv5() doesn't support namespace {text} ({problem})",
        redacted="uuidv5() doesn't support namespace (sensitive value)",
    )


def _rsadecrypt(ciphertext: str, private_key: str) -> str:
    try:
        data = binascii.a2b_base64(ciphertext.replace("\r", "").replace("\n", ""), strict_mode=True)
    except ValueError:
        what = "cipher text must be base64-encoded"
        raise FunctionError(
            f'failed to decode input "{ciphertext}": {what}', 0, f"failed to decode input (sensitive value): {what}"
        ) from None
    numbers = _rsa_numbers(private_key)
    modulus = numbers.public_numbers.n
    size = (modulus.bit_length() + 7) // 8
    encrypted = int.from_bytes(data)
    if len(data) != size or encrypted >= modulus:
        raise FunctionError("failed to decrypt: crypto/rsa: decryption error")
    block = pow(encrypted, numbers.d, modulus).to_bytes(size)
    # 0 2, at least eight bytes that are not 0, a 0, and the text. Libraries give random bytes where this is not so.
    end = block.find(b"\0", 2)
    if not block.startswith(b"\0\2") or end < 10:
        raise FunctionError("failed to decrypt: crypto/rsa: decryption error")
    try:
        return normalize(block[end + 1 :].decode())
    except UnicodeDecodeError:
        raise FunctionError("the decrypted data is not valid UTF-8") from None


def _rsa_numbers(private_key: str) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

    if "-----BEGIN " not in private_key:
        raise FunctionError("invalid private key: ssh: no key found", 1)
    load = load_ssh_private_key if "OPENSSH" in private_key else load_pem_private_key
    try:
        key = load(private_key.encode(), None)
    except TypeError:
        raise FunctionError("invalid private key: it is protected with a password", 1) from None
    except (ValueError, UnsupportedAlgorithm):
        raise FunctionError("invalid private key: it cannot be read", 1) from None
    if not isinstance(key, RSAPrivateKey):
        raise FunctionError("invalid private key: it is not a key for RSA", 1)
    return key.private_numbers()


_TEXT = (Parameter("str", STRING),)


def _of_text(call: Callable[[str, bytes], str], algorithm: str) -> Callable[[str], Value]:
    return lambda text: call(algorithm, text.encode())


FUNCTIONS: Final[tuple[Function, ...]] = (
    *(
        Function(
            name,
            _TEXT,
            _of_text(hexadecimal_hash, name),
            result=STRING,
            description=f"The {name.upper()} checksum of a text, in hexadecimal.",
        )
        for name in ALGORITHMS
    ),
    *(
        Function(
            f"base64{name}",
            _TEXT,
            _of_text(base64_hash, name),
            result=STRING,
            description=f"The {name.upper()} checksum of a text, in Base64.",
        )
        for name in ("sha256", "sha512")
    ),
    Function(
        "bcrypt",
        _TEXT,
        _bcrypt,
        Parameter("cost", NUMBER, description="From 4 to 18, 10 when left out; each step takes twice as long."),
        STRING,
        "A hash of a password to store in its place; another one each time.",
        pure=False,
    ),
    Function(
        "rsadecrypt",
        (
            Parameter("ciphertext", STRING, description="Data in Base64, padded by the rules of PKCS #1 1.5."),
            Parameter("privatekey", STRING, description="A key in PEM or OpenSSH form, without a password."),
        ),
        _rsadecrypt,
        result=STRING,
        description="A text that was encrypted for an RSA key.",
    ),
    Function("uuid", (), _uuid, result=STRING, description="A random identifier; another one each time.", pure=False),
    Function(
        "uuidv5",
        (
            Parameter("namespace", STRING, description="dns, url, oid, x500, or an identifier of your own."),
            Parameter("name", STRING),
        ),
        _uuidv5,
        result=STRING,
        description="An identifier that follows from a name within a namespace.",
    ),
)

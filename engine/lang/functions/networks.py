"""Functions over networks in CIDR notation, such as `10.0.0.0/8` and `2001:db8::/32`.

Addresses are counted as whole numbers. What Terraform accepts is accepted, also zeros in front of numbers, and an
IPv4 address inside an IPv6 one is treated as IPv4 in the places where Terraform does so.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from engine.lang import numbers
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.functions.numbers import whole_number
from engine.lang.numbers import Number
from engine.lang.types import NUMBER, STRING, ListOf
from engine.lang.values import ListValue, Value

_MAX_EXTENSION: Final = 32
_PARTS = re.compile(r"(?P<address>[^/%]+)/(?P<length>\d{1,9})", re.ASCII)
_MAPPED: Final = 0xFFFF << 32  # what stands before an IPv4 address inside an IPv6 one
_MASK_64: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class _Network:
    """A network: its first address as a number, the bits of its prefix, and the bits of an address (32 or 128)."""

    first: int
    length: int
    bits: int

    @property
    def looks_like_ipv4(self) -> bool:
        return self.bits == 32 or self.first >> 32 == _MAPPED >> 32

    def __str__(self) -> str:
        mapped = self.bits == 128 and self.looks_like_ipv4
        return f"{_address_text(self.first, self.bits)}/{max(self.length - 96, 0) if mapped else self.length}"


def _parse(prefix: str) -> _Network:
    found = _PARTS.fullmatch(prefix)
    address = found and _parse_address(found["address"])
    if not found or address is None or int(found["length"]) > address[1]:
        raise FunctionError(
            f"invalid CIDR expression: invalid CIDR address: {prefix}",
            redacted="invalid CIDR expression: invalid CIDR address: (sensitive value)",
        )
    number, bits = address
    length = int(found["length"])
    return _Network(_masked(number, length, bits), length, bits)


def _parse_address(text: str) -> tuple[int, int] | None:
    """Return an address as a number and its bits, or None when `text` is none."""
    plain = re.sub(r"(?<![0-9A-Fa-f])0+(?=[0-9A-Fa-f])", "", text)  # older writers fill numbers up with zeros
    try:
        address = ipaddress.ip_address(plain)
    except ValueError:
        return None
    return int(address), address.max_prefixlen


def _masked(number: int, length: int, bits: int) -> int:
    return number >> (bits - length) << (bits - length)


def _address_text(number: int, bits: int) -> str:
    if bits == 32 or number >> 32 == _MAPPED >> 32:
        return str(ipaddress.IPv4Address(number & 0xFFFFFFFF))
    return str(ipaddress.IPv6Address(number))


def _with_number(network: _Network, number: int, length: int) -> int:
    """Return the network's address with `number` in the bits that end at `length`."""
    joined = network.first | number << (network.bits - length)
    return abs(joined) & ((1 << network.bits) - 1)


def _cidrhost(prefix: str, host: Number) -> str:
    wanted = numbers.whole(host)
    if wanted is None:
        raise FunctionError("value must be a whole number")
    network = _parse(prefix)
    last = (1 << (network.bits - network.length)) - 1
    counted = -wanted - 1 if wanted < 0 else wanted
    number = last - counted if wanted < 0 else wanted
    if counted > last:
        raise FunctionError(f"prefix of {network.length} does not accommodate a host numbered {number}")
    return _address_text(_with_number(network, number, 32 if network.looks_like_ipv4 else 128), network.bits)


def _cidrnetmask(prefix: str) -> str:
    network = _parse(prefix)
    if not network.looks_like_ipv4:
        raise FunctionError(
            f"IPv6 addresses cannot have a netmask: {prefix}", redacted="IPv6 addresses have no netmask"
        )
    return _address_text(_masked((1 << network.bits) - 1, network.length, network.bits), network.bits)


def _cidrsubnet(prefix: str, new_bits: Number, number: Number) -> str:
    extension, wanted = whole_number(new_bits), numbers.whole(number)
    if wanted is None:
        raise FunctionError("value must be a whole number")
    network = _parse(prefix)
    length = network.length + extension
    if not 0 <= length <= network.bits:
        raise FunctionError(f"insufficient address space to extend prefix of {network.length} by {extension}")
    last = (1 << extension) - 1 if 0 <= extension < 64 else _MASK_64
    if abs(wanted) & _MASK_64 > last:
        raise FunctionError(f"prefix extension of {extension} does not accommodate a subnet numbered {wanted}")
    return str(_Network(_with_number(network, wanted, length), length, network.bits))


def _cidrsubnets(prefix: str, *new_bits: Number) -> Value:
    network = _parse(prefix)
    end = network.first + (1 << (network.bits - network.length))
    found: list[str] = []
    free = network.first
    for position, extension in enumerate(new_bits, 1):
        length = network.length + _checked_extension(extension, position, network)
        size = 1 << (network.bits - length)
        first = -(-free // size) * size  # a network starts at a multiple of its size
        # Terraform takes the first address of all, 0.0.0.0 or ::, for the one after the last.
        if first >= end or first == 0:
            before = f" after {found[-1]}" if found else ""
            raise FunctionError(
                f"not enough remaining address space for a subnet with a prefix of {length} bits{before}", position
            )
        found.append(str(_Network(first, length, network.bits)))
        free = first + size
    return ListValue(STRING, found)


def _checked_extension(new_bits: Number, position: int, network: _Network) -> int:
    extension = whole_number(new_bits, position)
    if extension < 1:
        raise FunctionError("must extend prefix by at least one bit", position)
    if extension > _MAX_EXTENSION:
        raise FunctionError(f"may not extend prefix by more than {_MAX_EXTENSION} bits", position)
    length = network.length + extension
    if length > network.bits:
        family = "an IPv4 address" if network.bits == 32 else "an IPv6 address"
        raise FunctionError(f"would extend prefix to {length} bits, which is too long for {family}", position)
    return extension


_PREFIX = Parameter("prefix", STRING, description="A network in CIDR notation.")
_NEW_BITS = Parameter("newbits", NUMBER, description="How many bits longer the prefix of a subnet is.")

FUNCTIONS: Final[tuple[Function, ...]] = (
    Function(
        "cidrhost",
        (_PREFIX, Parameter("hostnum", NUMBER, description="Which address; -1 is the last.")),
        _cidrhost,
        result=STRING,
        description="The address of a host in a network, by number.",
    ),
    Function(
        "cidrnetmask", (_PREFIX,), _cidrnetmask, result=STRING, description="The prefix of an IPv4 network as a mask."
    ),
    Function(
        "cidrsubnet",
        (_PREFIX, _NEW_BITS, Parameter("netnum", NUMBER, description="Which of the subnets, from 0.")),
        _cidrsubnet,
        result=STRING,
        description="A part of a network, by number.",
    ),
    Function(
        "cidrsubnets",
        (_PREFIX,),
        _cidrsubnets,
        _NEW_BITS,
        ListOf(STRING),
        "Parts of a network one after the other, each as large as asked for.",
    ),
)

"""Networks and addresses. What is odd here is odd in Terraform."""

import pytest

from engine.lang.values import Value
from tests.engine.lang.describing import call, describe, failure, number, secret, strings


@pytest.mark.parametrize(("name", "arguments", "expected"), [
    pytest.param("cidrhost", ["10.12.112.0/20", 268], "10.12.113.12", id="a host"),
    pytest.param("cidrhost", ["10.12.112.0/20", -1], "10.12.127.255", id="the last host"),
    pytest.param("cidrhost", ["2001:db8::/32", number("1e20")], "2001:db8:0:5:6bc7:5e2d:6310:0", id="a far host"),
    pytest.param("cidrhost", ["010.0.0.0/08", 1], "10.0.0.1", id="zeros in front of numbers"),
    pytest.param("cidrhost", ["::ffff:10.0.0.0/120", 5], "0:5::ffff:a00:0", id="an IPv4 address inside an IPv6 one"),
    pytest.param("cidrnetmask", ["172.16.0.0/12"], "255.240.0.0", id="a mask"),
    pytest.param("cidrnetmask", ["::ffff:10.0.0.0/104"], "ffff:ffff:ffff:ffff:ffff:ffff:ff00:0", id="a mask of an inner address"),
    pytest.param("cidrsubnet", ["10.0.0.0/8", 8, -1], "0.1.0.0/16", id="a subnet below zero"),
    pytest.param("cidrsubnet", ["10.0.0.0/8", -1, 0], "10.0.0.0/7", id="a larger network"),
    pytest.param("cidrsubnet", ["::ffff:10.0.0.0/104", 8, 1], "10.1.0.0/16", id="a subnet of an inner address"),
    pytest.param("cidrsubnet", ["::/0", 128, 281470681743360], "0.0.0.0/32", id="a subnet that becomes an inner address"),
    pytest.param("cidrsubnets", ["10.0.0.0/8"], strings(), id="no subnets"),
    pytest.param("cidrsubnets", ["10.0.0.0/8", 16, 8], strings("10.0.0.0/24", "10.1.0.0/16"), id="subnets begin at multiples of their size"),
])  # fmt: skip
def test_a_network_function_gives_what_terraform_gives(name: str, arguments: list[Value], expected: Value) -> None:
    assert describe(call(name, *arguments)) == describe(expected)


@pytest.mark.parametrize(("name", "arguments", "message", "argument"), [
    pytest.param("cidrhost", ["fe80::1%eth0/64", 1], "invalid CIDR expression: invalid CIDR address: fe80::1%eth0/64", None, id="a zone"),
    pytest.param("cidrhost", ["10.0.0.0/33", 1], "invalid CIDR expression: invalid CIDR address: 10.0.0.0/33", None, id="a prefix that is too long"),
    pytest.param("cidrhost", ["10.0.0.0/+8", 1], "invalid CIDR expression: invalid CIDR address: 10.0.0.0/+8", None, id="a prefix with a sign"),
    pytest.param("cidrhost", [secret("bogus"), 1], "invalid CIDR expression: invalid CIDR address: (sensitive value)", None, id="a secret"),
    pytest.param("cidrhost", ["::1/128", -2], "prefix of 128 does not accommodate a host numbered -1", None, id="no such host"),
    pytest.param("cidrhost", ["10.0.0.0/8", number("1.5")], "value must be a whole number", None, id="half a host"),
    pytest.param("cidrnetmask", ["fd00::/8"], "IPv6 addresses cannot have a netmask: fd00::/8", None, id="a mask of IPv6"),
    pytest.param("cidrsubnet", ["10.0.0.0/8", 25, 0], "insufficient address space to extend prefix of 8 by 25", None, id="too many bits"),
    pytest.param("cidrsubnet", ["10.0.0.0/8", 8, 256], "prefix extension of 8 does not accommodate a subnet numbered 256", None, id="no such subnet"),
    pytest.param("cidrsubnets", ["10.0.0.0/8", 1, 0], "must extend prefix by at least one bit", 2, id="no bits"),
    pytest.param("cidrsubnets", ["::/0", 33], "may not extend prefix by more than 32 bits", 1, id="more than 32 bits"),
    pytest.param("cidrsubnets", ["10.0.0.0/8", 25], "would extend prefix to 33 bits, which is too long for an IPv4 address", 1, id="more bits than there are"),
    pytest.param("cidrsubnets", ["10.0.0.0/8", 1, 1, 1], "not enough remaining address space for a subnet with a prefix of 9 bits after 10.128.0.0/9", 3, id="no space left"),
])  # fmt: skip
def test_a_network_function_says_what_it_cannot_take(
    name: str, arguments: list[Value], message: str, argument: int | None
) -> None:
    assert failure(name, *arguments) == (message, argument)

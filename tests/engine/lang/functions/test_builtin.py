"""The table of functions."""

import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import run

import pytest

from engine.lang.functions import all_functions, lazy_functions
from engine.lang.types import STRING
from engine.lang.values import Value, type_of
from tests.engine.lang.describing import call, describe

# What Terraform 1.11 lists: `terraform metadata functions -json`, without the names in the namespace `core`.
EXPECTED = """
    abs abspath alltrue anytrue base64decode base64encode base64gzip base64sha256 base64sha512 basename bcrypt can ceil
    chomp chunklist cidrhost cidrnetmask cidrsubnet cidrsubnets coalesce coalescelist compact concat contains csvdecode
    dirname distinct element endswith ephemeralasnull file filebase64 filebase64sha256 filebase64sha512 fileexists filemd5
    fileset filesha1 filesha256 filesha512 flatten floor format formatdate formatlist indent index issensitive join
    jsondecode jsonencode keys length log lookup lower matchkeys max md5 merge min nonsensitive one parseint pathexpand
    plantimestamp pow range regex regexall replace reverse rsadecrypt sensitive setintersection setproduct setsubtract
    setunion sha1 sha256 sha512 signum slice sort split startswith strcontains strrev substr sum templatefile
    templatestring textdecodebase64 textencodebase64 timeadd timecmp timestamp title tobool tolist tomap tonumber toset
    tostring transpose trim trimprefix trimspace trimsuffix try upper urlencode uuid uuidv5 values yamldecode yamlencode
    zipmap
"""


def render(text: str, name: str, variables: Mapping[str, Value]) -> Value:
    return text


def test_every_function_stands_under_its_name() -> None:
    functions = all_functions(Path("."), None, None, render) | {item.name: item for item in lazy_functions()}
    assert sorted(functions) == EXPECTED.split()
    assert all(function.name == name and function.description for name, function in functions.items())


@pytest.mark.parametrize("name", ["bcrypt", "plantimestamp", "timestamp", "uuid"])
def test_what_chance_or_the_clock_decides_is_unknown_while_planning(name: str) -> None:
    arguments = ["a"] if name == "bcrypt" else []
    planning = all_functions(Path("."), None, None, render)[name]
    applying = all_functions(Path("."), "2026-01-02T03:04:05Z", "2026-01-01T00:00:00Z", render)[name]
    assert describe(call(planning, *arguments)) == ("Unknown", "string")
    assert type_of(call(applying, *arguments)) == STRING


def test_the_table_is_made_without_heavy_libraries() -> None:
    program = (
        "import sys; from engine.lang.functions import builtin_functions; builtin_functions(); print(*sys.modules)"
    )
    loaded = run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"gmpy2", "grapheme", "networkx", "httpx", "pydantic", "yaml", "re2", "bcrypt", "cryptography"} & set(
        loaded
    )

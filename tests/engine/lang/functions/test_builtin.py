"""The table of functions."""

import sys
from subprocess import run

from engine.lang.functions import builtin_functions

EXPECTED = """
    abs base64decode base64encode ceil chomp coalesce compact concat contains distinct element flatten floor format
    formatlist indent issensitive join jsondecode jsonencode keys length lookup lower max merge min nonsensitive one
    range replace reverse sensitive setproduct sha256 slice split strrev substr sum title tobool tolist tomap tonumber
    toset tostring trim trimprefix trimspace trimsuffix upper urlencode values zipmap
"""


def test_every_function_stands_under_its_name() -> None:
    functions = builtin_functions()
    assert sorted(functions) == EXPECTED.split()
    assert all(function.name == name and function.description for name, function in functions.items())


def test_the_table_is_made_without_heavy_libraries() -> None:
    program = (
        "import sys; from engine.lang.functions import builtin_functions; builtin_functions(); print(*sys.modules)"
    )
    loaded = run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"gmpy2", "grapheme", "networkx", "httpx", "pydantic"} & set(loaded)

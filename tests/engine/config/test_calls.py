import pytest

from engine.diagnostics import Diagnostics
from tests.engine.config.texts import good_module, module_of, told


@pytest.mark.parametrize(
    ("inside", "problems"),
    [
        pytest.param("lifecycle {}", ["3:3 Reserved block type name in module block"], id="lifecycle"),
        pytest.param("locals {}", ["3:3 Reserved block type name in module block"], id="locals"),
        pytest.param("foo {}", ["3:3 Unsupported block type"], id="another block"),
        pytest.param('version = "1.0"', ["2:12 Invalid registry module source address"], id="a version"),
        pytest.param('version = "x"', ["3:13 Invalid version constraint", "2:12 Invalid registry module source address"], id="no version"),
        pytest.param("providers = []", ["3:15 Invalid expression"], id="providers as a list"),
        pytest.param("providers = { a = 1 }", ["3:21 Invalid provider configuration reference"], id="a number passed"),
        pytest.param("providers = { a.b.c = a }", ["3:17 Invalid provider configuration reference"], id="too long a name"),
        pytest.param("providers = { a = a, a = b }", ["3:28 Duplicate provider address"], id="passed twice"),
        pytest.param('providers = { "a" = "a" }', ["3:17 Quoted references are deprecated", "3:23 Quoted references are deprecated"], id="in quotes"),
        pytest.param("count = 1\n  for_each = {}", ['4:3 Invalid combination of "count" and "for_each"'], id="both repetitions"),
    ],
)  # fmt: skip
def test_a_module_block_is_checked(inside: str, problems: list[str]) -> None:
    found = Diagnostics()
    module_of(found, f'module "a" {{\n  source = "./m"\n  {inside}\n}}')
    assert told(found) == [f"main.tf:{problem}" for problem in problems]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        pytest.param('module "a b" { source = "./m" }', ["1:8 Invalid module instance name"], id="name"),
        pytest.param('module "a" { source = "./m" }\nmodule "a" { source = "./m" }', ["2:1 Duplicate module call"], id="twice"),
        pytest.param('module "a" {}', ["1:12 Missing required argument"], id="no source"),
        pytest.param('module "a" { source = local.x }', ["1:23 Variables not allowed", "1:23 Unsuitable value type"], id="source from elsewhere"),
        pytest.param('module "a" { source = ["x"] }', ["1:23 Unsuitable value type"], id="source of another type"),
        pytest.param('module "a" { source = "m" }', ["1:23 Invalid module source address"], id="no source"),
        pytest.param('provider "x_y" {}', ["1:1 Invalid provider local name"], id="name of a provider"),
        pytest.param('provider "x" { version = "1" }', ["1:26 Version constraints inside provider configuration blocks are deprecated"], id="version of old"),
        pytest.param('provider "x" { alias = "1" }', ["1:24 Invalid provider configuration alias"], id="alias"),
        pytest.param('provider "x" { alias = var.x }', ["1:24 Variables not allowed", "1:24 Unsuitable value type"], id="alias from elsewhere"),
        pytest.param('provider "x" { source = "a" }', ["1:16 Reserved argument name in provider block"], id="source of a provider"),
        pytest.param('provider "x" { count = 1 }', ["1:16 Reserved argument name in provider block"], id="count of a provider"),
        pytest.param('provider "x" {\n lifecycle {}\n}', ["2:2 Reserved block type name in provider block"], id="lifecycle of a provider"),
        pytest.param('provider "x" {}\nprovider "x" {}', ["2:1 Duplicate provider configuration"], id="two defaults"),
    ],
)  # fmt: skip
def test_blocks_of_modules_and_providers_are_checked(text: str, problems: list[str]) -> None:
    found = Diagnostics()
    module_of(found, text)
    assert told(found) == [f"main.tf:{problem}" for problem in problems]


def test_a_source_may_be_put_together_from_constants() -> None:
    assert good_module('module "a" { source = "./${"m"}" }').calls["a"].origin.url == "./m"


def test_passed_providers_keep_their_names() -> None:
    call = good_module('module "a" {\n source = "./m"\n providers = { p.x = q.y, r = s }\n}').calls["a"]
    assert call.providers == {"p.x": "q.y", "r": "s"}

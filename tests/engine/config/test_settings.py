import pytest

from engine.diagnostics import Diagnostics
from tests.engine.config.texts import good_module, module_of, told


@pytest.mark.parametrize(
    ("requirement", "problem"),
    [
        pytest.param('{ source = "a/b/c/d" }', "20 Invalid provider source string", id="too many parts"),
        pytest.param('{ source = "" }', "20 Invalid provider source string", id="nothing"),
        pytest.param('{ source = "a/b/" }', "20 Invalid provider source string", id="an empty part"),
        pytest.param('{ source = "-a/b" }', "20 Invalid provider namespace", id="a leading dash"),
        pytest.param('{ source = "a--b/c" }', "20 Invalid provider namespace", id="two dashes"),
        pytest.param('{ source = "a.c/b" }', "20 Invalid provider namespace", id="a dot"),
        pytest.param('{ source = "a/b_c" }', "20 Invalid provider type", id="an underscore"),
        pytest.param('{ source = "a/terraform-x" }', "20 Invalid provider type", id="a prefix"),
        pytest.param('{ source = "a_b/c/d" }', "20 Invalid provider source hostname", id="no host"),
        pytest.param("{ source = 1 }", "20 Invalid source", id="a number as source"),
        pytest.param("{ source = null }", "20 Invalid source", id="no source"),
        pytest.param("{ source = var.x }", "20 Invalid source", id="a variable as source"),
        pytest.param("{ version = 1 }", "21 Invalid version constraint", id="a number as version"),
        pytest.param('{ version = "x" }', "21 Invalid version constraint", id="no version"),
        pytest.param("{ foo = 1 }", "11 Invalid required_providers object", id="something else"),
        pytest.param('"x"', "9 Invalid version constraint", id="no version alone"),
        pytest.param("null", "9 Invalid required_providers object", id="null"),
        pytest.param("[]", "9 Invalid required_providers object", id="a list"),
        pytest.param("{ configuration_aliases = [u.x] }", "36 Invalid configuration_aliases value", id="of another"),
        pytest.param("{ configuration_aliases = [t.x.y] }", "36 Invalid configuration_aliases value", id="too long"),
        pytest.param('{ configuration_aliases = "t.x" }', "35 Invalid expression", id="no list"),
    ],
)  # fmt: skip
def test_a_wrong_requirement_is_told_where_it_stands(requirement: str, problem: str) -> None:
    found = Diagnostics()
    module_of(found, f"terraform {{\n  required_providers {{\n    t = {requirement}\n  }}\n}}")
    assert told(found) == [f"main.tf:3:{problem}"]


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ('{ source = "a" }', "registry.terraform.io/hashicorp/a"),
        ('{ source = "A/B" }', "registry.terraform.io/a/b"),
        ('{ source = "${"a"}/b" }', "registry.terraform.io/a/b"),
        ('{ source = "example.com:8080/a/b" }', "example.com:8080/a/b"),
        ('{ source = "localhost/a/b" }', "localhost/a/b"),
        ('{ source = "éa/c" }', "registry.terraform.io/éa/c"),
        ('{ "source" = "a/b" }', "registry.terraform.io/a/b"),
        ("{}", None),
        ("1", None),
    ],
)
def test_a_source_may_be_written_short(written: str, source: str | None) -> None:
    module = good_module(f"terraform {{\n required_providers {{\n t = {written}\n }}\n}}")
    assert module.required_providers["t"].source == source


@pytest.mark.parametrize(
    ("inside", "problems"),
    [
        pytest.param("required_version = []", ["2:22 Invalid version constraint"], id="no text"),
        pytest.param('required_version = ""', ["2:22 Invalid version constraint"], id="empty"),
        pytest.param("required_version = var.x", ["2:22 Variables not allowed"], id="a variable"),
        pytest.param("required_version = null", [], id="null"),
        pytest.param("experiments = [x]", ["2:3 Module uses experimental features"], id="experiments"),
        pytest.param("language = TF2021", [], id="the edition"),
        pytest.param("language = TF2022", ["2:14 Unsupported language edition"], id="another edition"),
        pytest.param('provider_meta "x" {}', [], id="provider_meta"),
        pytest.param('provider_meta "x" {}\n  provider_meta "x" {}', ["3:3 Duplicate provider_meta block"], id="twice"),
        pytest.param("required_providers {}\n  required_providers {}", ["3:3 Duplicate required providers configuration"], id="requirements twice"),
        pytest.param("required_providers {\n    a_b = {}\n  }", ["3:11 Invalid provider local name"], id="no name"),
        pytest.param("required_providers {\n    A = {}\n  }", ["3:9 Invalid provider local name"], id="capitals"),
        pytest.param("required_providers {\n    a {}\n  }", ['3:5 Unexpected "a" block'], id="a block"),
        pytest.param('required_providers {\n    a = { source = "x/y" }\n    b = { source = "x/y" }\n  }', ["4:9 Duplicate required provider"], id="the same again"),
        pytest.param("bad = 1", ["2:3 Unsupported argument"], id="an argument"),
        pytest.param("bad {}", ["2:3 Unsupported block type"], id="a block of no kind"),
    ],
)  # fmt: skip
def test_settings_are_checked(inside: str, problems: list[str]) -> None:
    found = Diagnostics()
    module_of(found, f"terraform {{\n  {inside}\n}}")
    assert told(found) == [f"main.tf:{problem}" for problem in problems]


def test_aliases_that_callers_pass_are_kept() -> None:
    module = good_module("terraform {\n required_providers {\n t = { configuration_aliases = [t.a, t.b] }\n }\n}")
    assert module.required_providers["t"].aliases == ("t.a", "t.b")

import pytest

from engine.config.versions import parse_constraints, shown_constraints


@pytest.mark.parametrize(
    ("constraints", "allowed"),
    [
        ("1.11.4", True),
        ("= 1.11.4", True),
        ("v1.11.4", True),
        ("1.11.4.0", True),
        ("= 1.11", False),
        ("!= 1.11.4", False),
        ("!= 1.11.5", True),
        (">= 1.0, < 2.0", True),
        (">=1.0,<1.5", False),
        ("> 1.11.4", False),
        ("> 1.11.3", True),
        ("<= 1.11.4", True),
        ("< 1.11.4", False),
        ("~> 1.11", True),
        ("~> 1.11.0", True),
        ("~> 1.10.0", False),
        ("~> 1.12", False),
        ("~> 1.2", True),
        ("~> 1", True),
        ("~> 2", False),
        ("~> 1.11.4.0", False),
    ],
)
def test_a_constraint_allows_versions_or_not(constraints: str, allowed: bool) -> None:
    assert all(one.allows((1, 11, 4)) for one in parse_constraints(constraints)) == allowed


@pytest.mark.parametrize(
    "text", ["", "x", "1.x", "=> 1", ">= 1.0 ,", "1..2", "1.0-", ">= 1.0-x y", "~ 1", "latest", "1.0;2"]
)
def test_what_is_no_constraint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a version constraint"):
        parse_constraints(text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("~> 1.2.3", "~> 1.2.3"),
        ("<2, >=1", ">= 1.0.0, < 2.0.0"),
        ("1", "1.0.0"),
        ("=1.2", "1.2.0"),
        ("~>1", "~> 1.0"),
        (">= 1.0-beta", ">= 1.0.0-beta"),
        ("~> 1.0-rc1", "~> 1.0-rc1"),
        ("= 1.2.3+meta", "1.2.3+meta"),
        (">1.0,>1.0", "> 1.0.0"),
        ("1.2.3, 1.0", "1.0.0, 1.2.3"),
        ("~> 1.0, != 1.2", "~> 1.0, != 1.2.0"),
    ],
)
def test_constraints_are_shown_as_terraform_shows_them(written: str, shown: str) -> None:
    assert shown_constraints(parse_constraints(written)) == shown

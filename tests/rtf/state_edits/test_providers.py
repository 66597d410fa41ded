import pytest

from engine.diagnostics import DiagnosticError
from rtf.state_edits.providers import parse_provider, resources_of, with_provider
from state.snapshot import Resource, Snapshot


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("openai", "registry.terraform.io/hashicorp/openai"),
        ("openai/openai", "registry.terraform.io/openai/openai"),
        ("OpenAI/OpenAI", "registry.terraform.io/openai/openai"),
        ("Registry.Example.COM:443/acme/x-1", "registry.example.com:443/acme/x-1"),
        ("terraform", "registry.terraform.io/hashicorp/terraform"),
        ("terraform.io/builtin/terraform", "terraform.io/builtin/terraform"),
        ("registry.terraform.io/-/old", "registry.terraform.io/-/old"),
    ],
)
def test_a_provider_is_named_in_full_or_in_short(text: str, name: str) -> None:
    assert str(parse_provider(text, "to")) == name


@pytest.mark.parametrize(
    "text",
    ["", "/a", "a/", "a//b", "a/b/c/d", "a b", "-x", "x-", "a_b/c", "a/b_c", "a--b", "_h/a/b", "h h/a/b", "a/-", "a/terraform-provider-x"],
)  # fmt: skip
def test_what_names_no_provider_is_told(text: str) -> None:
    with pytest.raises(DiagnosticError) as raised:
        parse_provider(text, "from")
    assert [one.summary for one in raised.value.diagnostics] == [f'Invalid "from" provider "{text}"']


def test_resources_change_hands_and_keep_their_configuration() -> None:
    recorded = {
        "a": 'provider["registry.terraform.io/openai/openai"]',
        "b": 'provider["registry.terraform.io/openai/openai"].eu',
        "c": 'module.m.provider["registry.terraform.io/openai/openai"].eu',
        "d": 'provider["terraform.io/builtin/terraform"]',
    }
    snapshot = Snapshot("lineage", 3)
    for name, provider in recorded.items():
        resource = Resource("t", name, provider)
        snapshot.resources[resource.address] = resource
    chosen = resources_of(snapshot, parse_provider("openai/openai", "from"))
    assert [one.name for one in chosen] == ["a", "b", "c"]
    changed = with_provider(snapshot, chosen, parse_provider("example.com/acme/openai", "to"))
    assert {one.name: one.provider for one in changed.resources.values()} == {
        "a": 'provider["example.com/acme/openai"]',
        "b": 'provider["example.com/acme/openai"].eu',
        "c": 'module.m.provider["example.com/acme/openai"].eu',
        "d": recorded["d"],
    }
    assert {one.name: one.provider for one in snapshot.resources.values()} == recorded, "which stays as it is"

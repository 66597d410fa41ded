import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.address import InstanceKey, ResourceAddress, key_order, parse_instance


@pytest.mark.parametrize(
    ("text", "key", "mode"),
    [
        pytest.param("terraform_data.a", None, "managed", id="without key"),
        pytest.param("terraform_data.a[0]", 0, "managed", id="number"),
        pytest.param('terraform_data.a["eu"]', "eu", "managed", id="text"),
        pytest.param('terraform_data.a["a\\"b"]', 'a"b', "managed", id="text with a quote"),
        pytest.param("data.terraform_data.a", None, "data", id="data source"),
        pytest.param("  terraform_data.a-b ", None, "managed", id="blanks around, dash inside"),
    ],
)
def test_an_address_is_read_and_written_the_same(text: str, key: InstanceKey, mode: str) -> None:
    address = parse_instance(text)
    assert address is not None
    assert (address.key, address.resource.mode) == (key, mode)
    assert str(address) == text.strip()


@pytest.mark.parametrize(
    "text", ["", "a", "a.b.c", "1a.b", "a.b[", "a.b[-1]", 'a.b["x]', "a.b[x]", 'a.b["\\q"]', "data.a", "a.b\nc"]
)
def test_what_is_no_address_is_not_read(text: str) -> None:
    assert parse_instance(text) is None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_every_key_of_an_instance_comes_back_from_its_address(key: str) -> None:
    address = ResourceAddress("terraform_data", "a").instance(key)
    assert parse_instance(str(address)) == address


def test_keys_sort_none_then_numbers_then_texts() -> None:
    keys: list[InstanceKey] = ["b", 10, None, "a", 9]
    assert sorted(keys, key=key_order) == [None, 9, 10, "a", "b"]


def test_an_address_in_a_module_begins_with_the_module() -> None:
    assert str(ResourceAddress("a", "b", "data", "module.m[0]").instance(1)) == "module.m[0].data.a.b[1]"

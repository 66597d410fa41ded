import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.address import (
    AddressError,
    InstanceAddress,
    InstanceKey,
    ModuleAddress,
    ResourceAddress,
    contains,
    key_order,
    parse_instance,
    parse_module,
    parse_resource_instance,
    parse_target,
    static_address,
)


@pytest.mark.parametrize(
    ("text", "key", "mode"),
    [
        pytest.param("terraform_data.a", None, "managed", id="without key"),
        pytest.param("terraform_data.a[0]", 0, "managed", id="number"),
        pytest.param('terraform_data.a["eu"]', "eu", "managed", id="text"),
        pytest.param('terraform_data.a["a\\"b"]', 'a"b', "managed", id="text with a quote"),
        pytest.param("data.terraform_data.a", None, "data", id="data source"),
        pytest.param("  terraform_data.a-b ", None, "managed", id="blanks around, dash inside"),
        pytest.param("ephemeral.a.b", None, "ephemeral", id="ephemeral resource"),
        pytest.param('a.b["$${x}"]', "${x}", "managed", id="text with the beginning of a template"),
        pytest.param('a.b["%%{x}"]', "%{x}", "managed", id="text with the beginning of a directive"),
        pytest.param('a.b["$$${x}"]', "$${x}", "managed", id="text with an escaped template"),
        pytest.param('a.b["$$"]', "$$", "managed", id="text with dollars"),
        pytest.param('a.b["\\n\\r\\t\\u0007\\u200b😀é"]', "\n\r\t\a\u200b😀é", "managed", id="text beyond ASCII"),
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


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("module.m", "module.m", id="module"),
        pytest.param('module.m["k"].module.n[0]', 'module.m["k"].module.n[0]', id="module's instance"),
        pytest.param("resource.a.b", "a.b", id="resource after its keyword"),
        pytest.param("resource.var.b", "var.b", id="reserved word after the keyword"),
        pytest.param("module.m. data . a . b [ 0 ]", "module.m.data.a.b[0]", id="blanks between"),
        pytest.param("a.b[1e2]", "a.b[100]", id="whole number in another form"),
        pytest.param("a.b[1.0]", "a.b[1]", id="whole number with a fraction of zero"),
        pytest.param('a.b["\\u00e9\\U0001F600"]', 'a.b["é😀"]', id="escaped characters"),
    ],
)
def test_a_target_is_read_in_any_of_its_forms(text: str, written: str) -> None:
    assert str(parse_target(text)) == written


def test_a_target_is_a_module_a_resource_or_an_instance() -> None:
    assert parse_target("module.m[1]") == ModuleAddress((("m", 1),))
    assert parse_target("module.m.a.b") == ResourceAddress("a", "b", module="module.m")
    assert parse_target("a.b[0]") == InstanceAddress(ResourceAddress("a", "b"), 0)


_NO_VALUE = "Index value required"
_BAD = "Invalid address"
_OPERATOR = "Invalid address operator"
_ATTRIBUTE = "Attribute name required"
_ESCAPE = "Invalid escape sequence"


@pytest.mark.parametrize(
    ("text", "summary", "detail"),
    [
        ("", "Variable name required", "Must begin with a variable name"),
        ("1a.b", "Variable name required", "Must begin with a variable name"),
        ("a", _BAD, "must include a resource type and name"),
        ("data.a", _BAD, "must include a resource type and name"),
        ("resource.a", _BAD, "must include a resource type and name"),
        ("data[0].a", _BAD, "A data source name is required"),
        ("resource[0].a", _BAD, "A resource type name is required"),
        ("a[0]", _BAD, "A resource name is required"),
        ("a.b.c", _BAD, "must be given in square brackets"),
        ("a.b.c.d", _BAD, "extra operators"),
        ("a.b[0][1]", _BAD, "extra operators"),
        ("a.b[1.5]", _BAD, "resource instance key: value must be a whole number"),
        ("a.b[9223372036854775808]", _BAD, "must be a whole number"),
        ("a.b[1e9999999999999999999]", _BAD, "must be a whole number"),
        ("module.m[1.5].a.b", _OPERATOR, "module index: value must be a whole number"),
        ("var.x", _BAD, 'keyword "var" is reserved'),
        ("module.m.each.x", _BAD, 'keyword "each" is reserved'),
        ("module", _OPERATOR, 'Prefix "module." must be followed'),
        ("module[0]", _OPERATOR, 'Prefix "module." must be followed'),
        ("module.m[0][1]", _OPERATOR, "followed by dot and then a name"),
        ("module.", _ATTRIBUTE, "Dot must be followed by attribute name"),
        ("a..b", _ATTRIBUTE, "Dot must be followed by attribute name"),
        ("a.b.0", _ATTRIBUTE, "Dot must be followed by attribute name"),
        ("a.b.*", _ATTRIBUTE, r"Splat expressions (.*)"),
        ("a.b[*]", _ATTRIBUTE, "Splat expressions ([*])"),
        ("a.b[x]", _NO_VALUE, "a literal number or a literal string"),
        ("a.b[]", _NO_VALUE, "a literal number or a literal string"),
        ("a.b[-1]", _NO_VALUE, "a literal number or a literal string"),
        ("a.b[", _NO_VALUE, "a literal number or a literal string"),
        ("a.b[0", "Unclosed index brackets", "closing bracket"),
        ("a.b[0x1]", "Unclosed index brackets", "closing bracket"),
        ("a.b c", "Invalid character", "attribute access or an index operator"),
        ('a.b["x]', "Unterminated string literal", "closing quote"),
        ('a.b["x\ny"]', "Invalid multi-line string", "Quoted strings"),
        ('a.b["${x}"]', "Invalid string literal", 'literal "$"'),
        ('a.b["%{x}"]', "Invalid string literal", 'literal "%"'),
        ('a.b["\\q"]', _ESCAPE, 'symbol "q"'),
        ('a.b["\\u12"]', _ESCAPE, "four hexadecimal digits"),
        ('a.b["\\U12"]', _ESCAPE, "eight hexadecimal digits"),
        ('a.b["\\ud800"]', _ESCAPE, "Cannot encode character U+d800"),
    ],
)
def test_what_is_no_target_says_why(text: str, summary: str, detail: str) -> None:
    with pytest.raises(AddressError) as raised:
        parse_target(text)
    assert raised.value.summary == summary
    assert detail in raised.value.detail
    assert 0 <= raised.value.offset <= len(text)


def test_an_instance_is_wanted_where_a_module_stands() -> None:
    with pytest.raises(AddressError, match="A resource instance address is required here"):
        parse_resource_instance("module.m")
    with pytest.raises(AddressError, match="This must be the address of a module"):
        parse_module("module.m.a.b")


@pytest.mark.parametrize(
    ("target", "other", "wanted"),
    [
        ("module.m", "module.m[0].a.b", True),
        ("module.m", "module.m", True),
        ("module.m", "module.n.a.b", False),
        ("module.m", "module.m.module.n[0].a.b[1]", True),
        ("module.m[0]", "module.m[0].module.n.a.b", True),
        ("module.m[0]", "module.m[1].a.b", False),
        ("module.m[0]", "module.m", False),
        ("module.m.module.n", "module.m[0].module.n.a.b", False),
        ("module.m.module.n", "module.m", False),
        ("a.b", "a.b[0]", True),
        ("a.b", "a.b", True),
        ("a.b", "a.c", False),
        ("a.b", "data.a.b", False),
        ("a.b[0]", "a.b[0]", True),
        ("a.b[0]", "a.b[1]", False),
        ("a.b[0]", "a.b", False),
        ("module.m.a.b", "module.m[0].a.b", False),
        ("module.m.a.b", "module.m.a.b[0]", True),
        ("a.b", "module.m", False),
    ],
)
def test_a_target_contains_what_is_below_it(target: str, other: str, wanted: bool) -> None:
    assert contains(parse_target(target), parse_target(other)) is wanted


def test_the_root_module_contains_everything() -> None:
    assert contains(parse_module(""), parse_target("module.m[0].a.b"))
    assert str(parse_module("")) == ""


def test_a_block_is_named_without_the_instances_of_its_modules() -> None:
    assert static_address('module.m["a]\\"."].module.n[0].a.b') == "module.m.module.n.a.b"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_every_key_of_an_instance_comes_back_from_its_address(key: str) -> None:
    address = ResourceAddress("terraform_data", "a").instance(key)
    assert parse_instance(str(address)) == address


def test_keys_sort_none_then_numbers_then_texts() -> None:
    keys: list[InstanceKey] = ["b", 10, None, "a", 9]
    assert sorted(keys, key=key_order) == [None, 9, 10, "a", "b"]


def test_an_address_in_a_module_begins_with_the_module() -> None:
    assert str(ResourceAddress("a", "b", "data", "module.m[0]").instance(1)) == "module.m[0].data.a.b[1]"

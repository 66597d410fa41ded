import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.codec import decode, encode
from state.errors import CorruptState, StateError, UnsupportedVersion
from state.jsontext import identical
from state.snapshot import Instance, InstanceKey, Output, ResourceHeader, Snapshot
from tests.state.samples import CALL, PROVIDER, RECORDED, instance
from tests.state.test_jsontext import trees

words = st.from_regex(r"[a-z_][a-z0-9_-]{0,5}", fullmatch=True)
keys = st.one_of(st.none(), st.integers(0, 2**40), st.text(max_size=5))
instances = st.builds(
    Instance,
    attributes=st.dictionaries(st.text(max_size=4), trees, max_size=3),
    index_key=keys,
    deposed=st.none() | st.from_regex("[0-9a-f]{8}", fullmatch=True),
    status=st.sampled_from([None, "tainted"]),
    schema_version=st.integers(0, 2**64 - 1),
    sensitive_attributes=st.lists(trees, max_size=2),
    private=st.none() | st.just("YQ=="),
    dependencies=st.lists(words, max_size=2),
    create_before_destroy=st.booleans(),
    extra=st.dictionaries(st.sampled_from(["identity", "other"]), trees, max_size=2),
)
headers = st.builds(
    ResourceHeader,
    type=words,
    name=words,
    provider=st.just(PROVIDER),
    mode=st.sampled_from(["managed", "data"]),
    module=st.sampled_from(["", "module.a", 'module.a["x.\\"y"].module.b[0]']),
)
outputs = st.builds(Output, value=trees, type=trees, sensitive=st.booleans())


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    made = Snapshot(draw(st.text(max_size=5)), draw(st.integers(0, 2**64 - 1)))
    for header in draw(st.lists(headers, max_size=3)):
        for each in draw(st.lists(instances, min_size=1, max_size=3)):
            made.put(header, each)
    made.outputs.update(draw(st.dictionaries(st.text(max_size=4), outputs, max_size=3)))
    made.check_results = draw(st.none() | st.lists(trees, max_size=2))
    return made


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_what_terraform_wrote_comes_back_byte_for_byte(path: Path) -> None:
    assert encode(decode(path.read_bytes(), path.name)) == path.read_bytes()


@given(snapshots())
@settings(max_examples=60, deadline=None)
def test_what_is_encoded_decodes_to_the_same(made: Snapshot) -> None:
    data = encode(made)
    again = decode(data, "x")
    assert encode(again) == data
    assert (again.lineage, again.serial) == (made.lineage, made.serial)
    assert {key: set(each.instances) for key, each in again.resources.items()} == {
        key: set(each.instances) for key, each in made.resources.items()
    }


def test_the_fields_of_a_recorded_state_are_where_they_belong() -> None:
    path = next(path for path in RECORDED if path.stem == "instances")
    found = decode(path.read_bytes(), path.name)
    replaced = found.resources["terraform_data.replaced"]
    assert [(each.status, each.deposed, each.create_before_destroy) for each in replaced.instances.values()] == [
        ("tainted", None, True),
        (None, "1035d24a", True),
    ]
    inner = found.find('module.m["k 2"].terraform_data.in')
    assert inner is not None
    assert inner.dependencies == ["terraform_data.counted"]
    assert found.find("terraform_data.counted", 10) is not None
    assert found.find("terraform_data.keyed", "10") is not None
    assert found.resources["data.terraform_remote_state.other"].mode == "data"


def test_resources_and_objects_are_written_in_terraforms_order() -> None:
    made = Snapshot("l", 1)
    for module, mode, type in [
        ("module.b", "managed", "a"),
        ("", "managed", "b"),
        ("", "data", "z"),
        ("", "managed", "a"),
    ]:
        made.put(ResourceHeader(type, "n", PROVIDER, mode, module), instance("x"))
    objects: list[tuple[InstanceKey, str | None]] = [
        ("b", None),
        (10, None),
        ("10", None),
        (2, None),
        (None, "bbbbbbbb"),
        (None, None),
        (2, "a" * 8),
    ]
    for key, deposed in objects:
        made.put(CALL, instance("x", key, deposed))
    tree = json.loads(encode(made))
    assert [(each.get("module"), each["mode"], each["type"]) for each in tree["resources"]] == [
        (None, "data", "z"),
        (None, "managed", "a"),
        (None, "managed", "b"),
        (None, "managed", "terraform_data"),
        ("module.b", "managed", "a"),
    ]
    assert [(each.get("index_key"), each.get("deposed")) for each in tree["resources"][3]["instances"]] == [
        (None, None),
        (None, "bbbbbbbb"),
        (2, None),
        (2, "aaaaaaaa"),
        (10, None),
        ("10", None),
        ("b", None),
    ]


def test_an_empty_file_is_no_state() -> None:
    assert decode(b"", "x").is_absent


def test_unknown_members_are_kept_in_every_place() -> None:
    tree = _state([{"schema_version": 0, "attributes": {}, "identity": {"id": "1"}, "private": "YQ==", "zone": 1}])
    tree["resources"][0]["each"] = "list"
    tree["outputs"] = {"o": {"value": 1, "type": "number", "deprecated": "no"}}
    tree["encryption_hint"] = {"a": 1}
    again = json.loads(encode(decode(json.dumps(tree).encode(), "x")))
    assert list(again["resources"][0]["instances"][0]) == [
        *("schema_version", "attributes", "sensitive_attributes", "identity", "private", "zone")
    ]
    assert again["resources"][0]["each"] == "list"
    assert again["outputs"]["o"]["deprecated"] == "no"
    assert again["encryption_hint"] == {"a": 1}


def test_a_value_without_a_json_form_is_refused() -> None:
    made = Snapshot("l", 1)
    made.put(CALL, Instance({"id": Decimal("NaN")}))
    with pytest.raises(StateError, match="NaN is not a number in JSON"):
        encode(made)


def _state(entries: list[Any], **top: Any) -> dict[str, Any]:
    resource = {"mode": "managed", "type": "t", "name": "n", "provider": PROVIDER, "instances": entries}
    state = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l", "outputs": {}}
    return {**state, "resources": [resource], "check_results": None, **top}


def _instance(**members: Any) -> dict[str, Any]:
    return _state([{"schema_version": 0, "attributes": {}, **members}])


def _resource(**members: Any) -> dict[str, Any]:
    state = _state([])
    state["resources"][0].update(members)
    return state


@pytest.mark.parametrize(
    ("tree", "complaint"),
    [
        pytest.param([], "it holds no JSON object", id="array"),
        pytest.param({}, 'the state has no "version"', id="no version"),
        pytest.param(_state([], version=0), "its version is 0", id="version zero"),
        pytest.param(_state([], version="4"), '"version" of the state is not a whole number', id="version as text"),
        pytest.param(_state([], version=True), "is not a whole number", id="version true"),
        pytest.param(_state([], serial=-1), "is -1, which is out of range", id="negative serial"),
        pytest.param(_state([], serial=2**64), "which is out of range", id="huge serial"),
        pytest.param(_state([], lineage=1), '"lineage" of the state is not a text', id="lineage"),
        pytest.param(_state([], outputs=[]), '"outputs" of the state is not an object', id="outputs"),
        pytest.param(_state([], outputs={"o": {"value": 1}}), 'output "o" lacks its value or its type', id="output"),
        pytest.param(_state([], resources={}), '"resources" of the state is not an array', id="resources"),
        pytest.param(_state([], resources=[1]), "resource 1 is not an object", id="a resource"),
        pytest.param(_state([], check_results={}), '"check_results" of the state is not an array', id="checks"),
        pytest.param(_resource(mode="ephemeral"), 'has the mode "ephemeral"', id="mode"),
        pytest.param(_resource(name="a b"), 'is called "t.a b"', id="name"),
        pytest.param(_resource(module="foo"), "is no module address", id="module"),
        pytest.param(_resource(module="module.a."), "is no module address", id="module with a dot"),
        pytest.param(_resource(provider=None), '"provider" of resource 1 is not a text', id="provider"),
        pytest.param(_instance(index_key=True), "has an index key that is neither", id="key true"),
        pytest.param(_instance(index_key=1.5), "has an index key that is neither", id="broken key"),
        pytest.param(_instance(index_key=-1), "has an index key that is neither", id="negative key"),
        pytest.param(_instance(status="odd"), 'has the status "odd"', id="status"),
        pytest.param(_instance(deposed="zz"), 'has the deposed key "zz"', id="deposed"),
        pytest.param(_instance(attributes=[]), '"attributes" of an instance of t.n is not an object', id="attributes"),
        pytest.param(_instance(dependencies=[1]), "a dependency of an instance of t.n is not a text", id="dependency"),
        pytest.param(_state([{"attributes_flat": {"id": "1"}}]), "flat attributes of Terraform 0.11", id="flat"),
        pytest.param(_state([{}, {}]), "an instance of t.n appears more than once", id="instance twice"),
    ],
)
def test_a_wrong_shape_is_refused_and_named(tree: Any, complaint: str) -> None:
    with pytest.raises(CorruptState) as caught:
        decode(json.dumps(tree).encode(), "my.tfstate")
    assert complaint in caught.value.detail
    assert "my.tfstate is not a usable state" in caught.value.detail
    assert "left as it is" in caught.value.detail


@pytest.mark.parametrize(
    ("tree", "summary", "hint"),
    [
        pytest.param(_state([], version=5), "Unsupported state file format", "or a newer rtf", id="newer"),
        pytest.param(_state([], version=3), "Unsupported state file format", "0.12 or newer once", id="older"),
        pytest.param({"encrypted_data": "x", "serial": 1}, "State is encrypted", "Decrypt it", id="encrypted"),
    ],
)
def test_other_formats_are_told_from_damage(tree: Any, summary: str, hint: str) -> None:
    with pytest.raises(UnsupportedVersion) as caught:
        decode(json.dumps(tree).encode(), "x")
    assert caught.value.summary == summary
    assert hint in caught.value.detail


def _places(tree: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for name, value in inner:
        yield from _places(value, (*way, name))


@pytest.mark.parametrize("wrong", [None, True, -1, 1.5, "odd", [], {}], ids=repr)
def test_any_value_in_any_place_gives_a_snapshot_or_a_state_error(wrong: Any) -> None:
    tree = json.loads(next(path for path in RECORDED if path.stem == "instances").read_bytes())
    for way in _places(tree):
        broken = copy.deepcopy(tree)
        if not way:
            broken = wrong
        else:
            place = broken
            for step in way[:-1]:
                place = place[step]
            place[way[-1]] = wrong
        try:
            found = decode(json.dumps(broken).encode(), "x")
        except StateError:
            continue
        again = decode(encode(found), "x")
        assert found.same_content(again)
        assert identical(found.check_results, again.check_results)

from collections.abc import Callable
from dataclasses import replace

import pytest

from state.snapshot import InstanceKey, Output, ResourceHeader, Snapshot
from tests.state.samples import CALL, PROVIDER, ids, instance, snapshot


@pytest.mark.parametrize(
    ("header", "address"),
    [
        pytest.param(ResourceHeader("a", "b", PROVIDER), "a.b", id="managed"),
        pytest.param(ResourceHeader("a", "b", PROVIDER, "data"), "data.a.b", id="data"),
        pytest.param(
            ResourceHeader("a", "b", PROVIDER, "data", "module.m[0]"), "module.m[0].data.a.b", id="in a module"
        ),
    ],
)
def test_a_resource_is_filed_under_its_address(header: ResourceHeader, address: str) -> None:
    assert header.address == address


def test_objects_are_found_by_key_and_deposed_key() -> None:
    found = snapshot("zero", "one")
    found.put(CALL, instance("gone", 0, "0a1b2c3d"))
    found.put(CALL, instance("text", "1"))
    expected: list[tuple[InstanceKey, str | None, str]] = [
        (0, None, "zero"),
        (1, None, "one"),
        ("1", None, "text"),
        (0, "0a1b2c3d", "gone"),
    ]
    for key, deposed, id in expected:
        hit = found.find(CALL.address, key, deposed)
        assert hit is not None
        assert hit.attributes["id"] == id
    assert found.find(CALL.address) is None
    assert found.find("terraform_data.other", 0) is None


def test_dropping_the_last_object_drops_the_resource() -> None:
    found = snapshot("zero", "one")
    found.drop(CALL.address, 0)
    assert ids(found) == {"one"}
    found.drop(CALL.address, 0)
    found.drop(CALL.address, 1)
    found.drop(CALL.address, 1)
    assert found.resources == {}


def test_putting_an_object_moves_its_resource_to_the_new_provider() -> None:
    found = snapshot("zero")
    found.put(replace(CALL, provider='provider["other"]'), instance("one", 1))
    assert found.resources[CALL.address].provider == 'provider["other"]'
    assert ids(found) == {"zero", "one"}


def test_changing_a_copy_leaves_the_original() -> None:
    original = snapshot("zero")
    original.outputs["a"] = Output("b", "string")
    copy = original.copy()
    copy.put(CALL, instance("one", 1))
    copy.drop(CALL.address, 0)
    copy.outputs.clear()
    copy.serial = 9
    assert ids(original) == {"zero"}
    assert list(original.outputs) == ["a"]
    assert original.serial == 3


def _set_output(value: Snapshot) -> None:
    value.outputs["n"] = Output(True, "bool")


def _retaint(value: Snapshot) -> None:
    value.put(CALL, replace(instance("zero", 0), status="tainted"))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_set_output, id="true for 1 in an output"),
        pytest.param(_retaint, id="tainted"),
        pytest.param(lambda value: value.drop(CALL.address, 0), id="object gone"),
        pytest.param(lambda value: setattr(value, "check_results", []), id="checks"),
        pytest.param(lambda value: value.put(CALL, replace(instance("zero", 0), extra={"x": 1})), id="unknown member"),
    ],
)
def test_content_differs(change: Callable[[Snapshot], None]) -> None:
    original = snapshot("zero")
    original.outputs["n"] = Output(1, "bool")
    other = original.copy()
    change(other)
    assert not original.same_content(other)


def test_content_is_the_same_whatever_the_serial_is() -> None:
    assert snapshot("a", serial=1).same_content(replace(snapshot("a"), serial=8, lineage="x", terraform_version="2"))


def test_an_absent_state_is_not_one_without_objects() -> None:
    assert Snapshot.empty().is_absent
    assert not Snapshot("lineage", 1).is_absent

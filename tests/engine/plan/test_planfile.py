import io
import json
import os
import stat
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from engine.address import ResourceAddress, parse_resource_instance, parse_target
from engine.diagnostics import DiagnosticError, SourceFile
from engine.lang.numbers import parse
from engine.lang.types import NUMBER, STRING, ListOf, ObjectOf, TupleOf
from engine.lang.values import NULL, SENSITIVE_MARKS, ListValue, MapValue, Null, SetValue, Unknown, Value, mark
from engine.plan.changes import Action, AttributeChange, Change, OutputChange, Plan, Reason
from engine.plan.options import PlanOptions
from engine.plan.planfile import SavedPlan, is_plan_file, read_plan_file, write_plan_file
from state.snapshot import Instance, ResourceHeader, Snapshot
from tests.engine.config.texts import told

A = ResourceAddress("test_thing", "a")
VALUES: dict[str, Value] = {
    "text": 'ü "\u2028\x00',
    "true": True,
    "whole": 10**40,
    "fraction": parse("0.1"),
    "tiny": parse("1e-300"),
    "third": parse("1"),
    "null": NULL,
    "typed null": Null(ListOf(STRING)),
    "unknown": Unknown(ObjectOf({"a": NUMBER}, frozenset({"a"})), not_null=True),
    "tuple": (1, (), {"a": Unknown(TupleOf((STRING,)))}),
    "object": {"object": 1, "null": 2, "": {}},
    "list": ListValue(NUMBER),
    "set": SetValue(STRING, ["a", "b"]),
    "map": MapValue(STRING, {"x": mark("y", SENSITIVE_MARKS)}),
    "marked": mark({"a": 1}, SENSITIVE_MARKS),
}


def saved() -> SavedPlan:
    prior = Snapshot.empty()
    prior.lineage, prior.serial = "1c0ffee0-0000-4000-8000-000000000000", 3
    prior.put(ResourceHeader("test_thing", "a", 'provider["example.com/tests/test"]'), Instance({"name": "x"}))
    changes = [
        Change(A.instance(key), action, "test.eu", VALUES, VALUES, reason, (AttributeChange(("a", 0, "b"), NULL, None),),
               (("a",), ("b", 1)), ("test_thing.b",), deposed, expired)
        for key, action, reason, deposed, expired in [
            (None, Action.CREATE, None, None, None), (0, Action.DELETE, Reason.COUNT_INDEX, "0123abcd", None),
            ('k"]\n', Action.CREATE_THEN_DELETE, Reason.EXPIRED, None, 1.5),
        ]
    ]  # fmt: skip
    outputs = [
        OutputChange("o", Action.UPDATE, NULL, mark("s", SENSITIVE_MARKS), True),
        OutputChange("p", Action.DELETE, 1, None),
    ]
    plan = Plan(
        "1c0ffee0-0000-4000-8000-000000000000",
        3,
        tuple(changes),
        tuple(outputs),
        VALUES,
        "2026-11-22T00:00:00Z",
        ("Mind.",),
        options=PlanOptions(
            "destroy", False, (parse_target("module.m"),), (parse_target("a.b"),), (parse_resource_instance("a.b[0]"),)
        ),
        complete=False,
    )
    sources = {
        ".": (SourceFile("main.tf", "a = 1\r\n\ufeff"), SourceFile("../ü.tf", "")),
        "child": (SourceFile("child/a.tf", "b = 2"),),
    }
    return SavedPlan(plan, "./root", sources, prior)


def test_everything_comes_back_from_a_plan_file(tmp_path: Path) -> None:
    write_plan_file(tmp_path / "p", saved())
    back, was = read_plan_file(tmp_path / "p"), saved()
    assert repr(back.plan) == repr(was.plan)
    assert back.root == "./root"
    for directory, files in was.sources.items():
        assert [(file.name, file.text) for file in back.sources[directory]] == [
            (file.name, file.text) for file in files
        ]
    assert back.prior.same_content(was.prior)
    assert back.plan.variables["map"].items["x"].value == "y"
    assert [file.name for file in tmp_path.iterdir()] == ["p"]


def test_only_its_owner_can_read_a_plan_file(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        (tmp_path / "p").write_text("an older file")
        (tmp_path / "p").chmod(0o644)
        write_plan_file(tmp_path / "p", saved())
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "p").stat().st_mode) == 0o600


def test_a_plan_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", tmp_path / "no" / "p", tmp_path / ("a" * 300)):
        with pytest.raises(DiagnosticError, match="Failed to write plan file"):
            write_plan_file(path, saved())
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_plan_files_are_told_from_others(tmp_path: Path) -> None:
    write_plan_file(tmp_path / "p", saved())
    (tmp_path / "main.tf").write_text("")
    assert [is_plan_file(tmp_path / name) for name in ("p", "main.tf", "gone", ".")] == [True, False, False, False]


def archive(change: Any = None, **members: bytes | None) -> bytes:
    """Return a plan file with members replaced or left out, and its JSON changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_GOOD)) as good, zipfile.ZipFile(target, "w") as made:
        for name in good.namelist():
            content = members.get(name.replace(".", "_"), good.read(name))
            if name == "plan.json" and change is not None and content is not None:
                tree = json.loads(content)
                change(tree)
                content = json.dumps(tree).encode()
            if content is not None:
                made.writestr(name, content)
    return target.getvalue()


def _good() -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        write_plan_file(Path(folder) / "p", saved())
        return (Path(folder) / "p").read_bytes()


_GOOD = _good()


def claiming(size: int) -> bytes:
    """Return a plan file whose directory claims that a member unpacks to `size` bytes."""
    data = bytearray(_GOOD)
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(data)


def encrypted() -> bytes:
    """Return a plan file whose members claim to be encrypted."""
    data = bytearray(_GOOD)
    for mark_, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(mark_)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark_, at + 4)
    return bytes(data)


def damaged() -> bytes:
    """Return a plan file in which packed bytes were changed."""
    data = bytearray(_GOOD)
    for position in range(60, 120):
        data[position] ^= 0x5A
    return bytes(data)


HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "text": b"plan",
    "only the beginning": b"PK\x03\x04",
    "cut off": _GOOD[: len(_GOOD) // 2],
    "damaged": damaged(),
    "encrypted": encrypted(),
    "too large when unpacked": claiming((1 << 32) - 2),
    "a lie about its size": claiming(7),
    "no plan": archive(plan_json=None),
    "no state": archive(tfstate=None),
    "no configuration": archive(**{"config/0": None}),
    "not JSON": archive(plan_json=b"{"),
    "not UTF-8": archive(plan_json=b'"\xff"'),
    "deep JSON": archive(plan_json=b"[" * 100_000),
    "a list": archive(plan_json=b"[]"),
    "another format": archive(lambda tree: tree.update(format="rtf-plan-999")),
    "no format": archive(lambda tree: tree.pop("format")),
    "a state that is none": archive(tfstate=b"{}"),
    "an endless serial": archive(lambda tree: tree.update(serial=float("inf"))),
    "a serial of a kind": archive(lambda tree: tree.update(serial=[])),
    "changes of a kind": archive(lambda tree: tree.update(changes=5)),
    "a change of a kind": archive(lambda tree: tree.update(changes=[5])),
    "an address of a kind": archive(lambda tree: tree["changes"][0].update(address=5)),
    "an address that is none": archive(lambda tree: tree["changes"][0].update(address="x")),
    "an unknown action": archive(lambda tree: tree["changes"][0].update(action="explode")),
    "an unknown reason": archive(lambda tree: tree["changes"][0].update(reason="because")),
    "attributes of a kind": archive(lambda tree: tree["changes"][0].update(before=[1])),
    "a value of a kind": archive(lambda tree: tree["changes"][0].update(before={"a": {"what": 1}})),
    "a value of no type": archive(lambda tree: tree["changes"][0].update(before={"a": {"null": ["list"]}})),
    "a change with three sides": archive(
        lambda tree: tree["changes"][0].update(attributes=[[["a"], None, None, None]])
    ),
    "variables of a kind": archive(lambda tree: tree.update(variables=[])),
    "outputs of a kind": archive(lambda tree: tree.update(outputs=[{}])),
    "sources of a kind": archive(lambda tree: tree.update(sources=5)),
    "more sources than there are": archive(lambda tree: tree.update(sources=["a"] * 9)),
    "a deep value": archive(plan_json=b'{"format": "rtf-plan-1", "variables": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
}


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in HOSTILE.items()])
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p").write_bytes(content)
    with pytest.raises(DiagnosticError) as caught:
        read_plan_file(tmp_path / "p")
    assert told(caught.value.diagnostics) == [f'nowhere Failed to load "{tmp_path}/p" as a plan file']


def test_a_missing_plan_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticError, match="could not be read: No such file"):
        read_plan_file(tmp_path / "p")

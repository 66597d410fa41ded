import contextlib
import hashlib
import zlib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.codec import encode
from state.errors import JournalError
from state.jsontext import Json
from state.records import (
    ChecksChange,
    Commit,
    Header,
    InstanceChange,
    Intent,
    OutputChange,
    Record,
    Result,
    changes_between,
    decode_record,
    encode_record,
)
from state.replay import JournalMismatch, UnknownOutcome, recover, replay, scan
from state.snapshot import Output, ResourceHeader, Snapshot
from tests.state.samples import CALL, LINEAGE, PROVIDER, ids, instance, journal_bytes, snapshot
from tests.state.test_codec import headers, instances, outputs
from tests.state.test_jsontext import trees

changes = st.builds(InstanceChange.put, headers, instances) | st.builds(InstanceChange, headers, st.just(3), st.none())
records: st.SearchStrategy[Record] = st.one_of(
    st.builds(Intent, st.text(), st.text(), st.text(), trees, st.text()),
    st.builds(Result, st.none() | st.text(), st.lists(changes, max_size=2).map(tuple)),
    st.builds(OutputChange, st.text(), st.none() | outputs),
    st.builds(ChecksChange, st.none() | trees),
    st.builds(Commit, st.integers(0, 9), st.just("ab")),
    st.builds(Header, st.text(), st.integers(0, 9), st.text(), st.text()),
)


@pytest.fixture
def base() -> Snapshot:
    return snapshot("zero", "one")


@pytest.fixture
def journal(tmp_path: Path, base: Snapshot) -> bytes:
    return journal_bytes(tmp_path / "journal", base)


def line(tree: bytes) -> bytes:
    return b"%08x %b\n" % (zlib.crc32(tree), tree)


@given(records)
@settings(max_examples=80, deadline=None)
def test_a_record_reads_back_as_it_was_written(record: Record) -> None:
    text = encode_record(record)
    assert text.count(b"\n") == 1
    again = decode_record(text[:-1])
    assert again is not None
    assert encode_record(again) == text


def test_a_journal_tells_all_that_happened(base: Snapshot, journal: bytes) -> None:
    found, unknown = replay(base, journal)
    assert ids(found) == {"new", "one", "seven"}
    assert found.outputs["url"] == Output("https://a.example/<é>", "string", sensitive=True)
    assert [(each.address, each.action, each.object) for each in unknown] == [
        ("terraform_data.call[9]", "create", {"name": "nine"})
    ]
    assert unknown[0].time.endswith("Z")
    assert ids(base) == {"zero", "one"}, "the snapshot that it began with stays as it is"


def test_exact_numbers_survive_a_journal(base: Snapshot) -> None:
    number = Decimal("0.1000000000000000000000000000000001")
    data = encode_record(Header(LINEAGE, 3, "r")) + encode_record(OutputChange("n", Output(number, "number")))
    assert str(replay(base, data)[0].outputs["n"].value) == str(number)


def test_outputs_and_checks_are_set_and_removed(base: Snapshot) -> None:
    base.outputs["old"] = Output("x", "string")
    told: list[Record] = [Header(LINEAGE, 3, "r"), OutputChange("old", None), ChecksChange([{"status": "pass"}])]
    found, unknown = replay(base, b"".join(map(encode_record, told)))
    assert (found.outputs, found.check_results, unknown) == ({}, [{"status": "pass"}], [])


def test_every_torn_journal_keeps_every_whole_record(base: Snapshot, journal: bytes) -> None:
    for length in range(len(journal) + 1):
        torn = journal[:length]
        whole = torn.count(b"\n")
        contents = scan(torn, "journal")
        assert (0 if contents is None else 1 + len(contents.records)) == whole
        assert (0 if contents is None else contents.size) == torn.rfind(b"\n") + 1
        replay(base, torn)


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param(b"\0" * 64, id="zeroes"),
        pytest.param(b"00000000 {}\n", id="a line with a wrong checksum"),
        pytest.param(b"x\ny\n", id="two lines of nothing"),
        pytest.param(b"\n", id="an empty line"),
    ],
)
def test_a_damaged_end_is_passed_over(base: Snapshot, journal: bytes, tail: bytes) -> None:
    assert replay(base, journal + tail) == replay(base, journal)


def test_damage_in_the_middle_names_its_line(base: Snapshot, journal: bytes) -> None:
    lines = journal.splitlines(keepends=True)
    for number in range(1, len(lines)):
        broken = lines.copy()
        broken[number - 1] = broken[number - 1].replace(b'"', b"'", 1)
        with pytest.raises(JournalError, match=f"Line {number} of journal cannot be used"):
            replay(base, b"".join(broken), "journal")


HEADER = encode_record(Header(LINEAGE, 3, "r"))
INTENT = encode_record(Intent("1", "a.b", "create"))


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        pytest.param(INTENT, "Line 1 .* not the header", id="no header"),
        pytest.param(HEADER + HEADER, "another journal follows", id="two headers"),
        pytest.param(HEADER + line(b"[]"), "Line 2 .* no JSON object", id="array"),
        pytest.param(HEADER + line(b"{"), "Line 2 .* not JSON", id="not JSON"),
        pytest.param(HEADER + line(b"{}"), 'Line 2 .* lacks "kind"', id="no kind"),
        pytest.param(HEADER + line(b'{"kind":"odd"}'), "unknown kind 'odd'", id="unknown kind"),
        pytest.param(HEADER + line(b'{"kind":"result","id":1,"changes":[]}'), '"id" is not a text', id="id"),
        pytest.param(
            HEADER + line(b'{"kind":"result","id":null,"changes":{}}'), "changes are not an array", id="changes"
        ),
        pytest.param(HEADER + line(b'{"kind":"result","id":null,"changes":[1]}'), "is not an object", id="change"),
        pytest.param(HEADER + line(b'{"kind":"commit","serial":true,"sha256":""}'), "not a whole number", id="serial"),
        pytest.param(line(b'{"kind":"header","version":2}') + INTENT, "format is 2", id="newer format"),
    ],
)
def test_an_intact_line_that_we_never_write_is_refused(base: Snapshot, data: bytes, complaint: str) -> None:
    with pytest.raises(JournalError, match=complaint):
        replay(base, data)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(snapshot("zero", serial=4), id="later serial"),
        pytest.param(Snapshot("another", 3), id="other lineage"),
        pytest.param(Snapshot.empty(), id="lost state"),
    ],
)
def test_the_journal_of_another_snapshot_is_refused(journal: bytes, other: Snapshot) -> None:
    with pytest.raises(JournalMismatch, match="serial 3 of lineage"):
        replay(other, journal, "journal")


def test_a_journal_that_is_in_the_state_already_is_finished(base: Snapshot, journal: bytes) -> None:
    outcome, _ = replay(base, journal)
    outcome.serial = 4
    data = encode(outcome)
    commit = encode_record(Commit(4, hashlib.sha256(data).hexdigest()))
    recovery = recover(outcome, data, journal + commit, "journal")
    assert recovery.finished
    assert recovery.snapshot is outcome
    assert [each.address for each in recovery.unknown] == ["terraform_data.call[9]"], "nobody may have been told yet"
    with pytest.raises(JournalMismatch):
        recover(outcome, data + b" ", journal + commit, "journal")


def test_a_run_killed_before_the_state_was_replaced_is_replayed(base: Snapshot, journal: bytes) -> None:
    recovery = recover(base, encode(base), journal + encode_record(Commit(4, "00")), "journal")
    assert not recovery.finished
    assert ids(recovery.snapshot) == {"new", "one", "seven"}


def test_a_result_without_its_intent_counts_and_intents_stay_in_order(base: Snapshot) -> None:
    told: list[Record] = [
        Header(LINEAGE, 3, "r"),
        Result(None, (InstanceChange.put(CALL, instance("two", 2)),)),
        Intent("b", "x.b", "create", None, "t1"),
        Intent("a", "x.a", "delete", {"id": "1"}, "t2"),
        Result("elsewhere"),
    ]
    found, unknown = replay(base, b"".join(map(encode_record, told)))
    assert ids(found) == {"zero", "one", "two"}
    assert unknown == [UnknownOutcome("x.b", "create", "t1"), UnknownOutcome("x.a", "delete", "t2", {"id": "1"})]


def _moved(after: Snapshot) -> None:
    after.drop(CALL.address, 0)
    after.put(ResourceHeader("terraform_data", "moved", PROVIDER), instance("zero"))


def _outputs(after: Snapshot) -> None:
    after.outputs = {"b": Output(1, "number")}
    after.check_results = []


def _provider(after: Snapshot) -> None:
    after.put(ResourceHeader(CALL.type, CALL.name, 'provider["other"]'), instance("zero", 0))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_moved, id="moved"),
        pytest.param(_outputs, id="outputs and checks"),
        pytest.param(_provider, id="other provider"),
        pytest.param(lambda after: after.resources.clear(), id="all gone"),
        pytest.param(lambda after: None, id="nothing"),
    ],
)
def test_the_changes_between_two_snapshots_turn_one_into_the_other(base: Snapshot, change: object) -> None:
    base.outputs["a"] = Output("x", "string")
    after = base.copy()
    assert callable(change)
    change(after)
    told = [Header(LINEAGE, 3, "r"), *changes_between(base, after)]
    found, _ = replay(base, b"".join(map(encode_record, told)))
    assert found.same_content(after)


@given(st.binary(max_size=60), st.integers(0, 2000))
@settings(max_examples=100, deadline=None)
def test_any_bytes_give_a_snapshot_or_a_journal_error(noise: bytes, place: int) -> None:
    whole = HEADER + INTENT + encode_record(Result("1", (InstanceChange.put(CALL, instance("x", 5)),)))
    at = place % len(whole)
    with contextlib.suppress(JournalError):
        replay(snapshot("zero"), whole[:at] + noise + whole[at:])


def test_an_object_of_any_json_is_kept_with_its_intent() -> None:
    hint: Json = {"name": "é", "n": [1, None, True]}
    data = HEADER + encode_record(Intent("1", "a.b", "create", hint, "t"))
    assert replay(snapshot(), data)[1] == [UnknownOutcome("a.b", "create", "t", hint)]

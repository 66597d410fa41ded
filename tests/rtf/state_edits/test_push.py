import pytest

from rtf.state_edits.push import refusal, to_store
from state.snapshot import Output, Snapshot


def state(lineage: str, serial: int, value: str | None = "x") -> Snapshot:
    outputs = {} if value is None else {"o": Output(value, "string")}
    return Snapshot(lineage, serial, outputs=outputs)


@pytest.mark.parametrize(
    ("pushed", "stored", "why"),
    [
        pytest.param(state("a", 1), Snapshot.empty(), None, id="over nothing"),
        pytest.param(state("a", 1), state("b", 9, None), None, id="over a state without content"),
        pytest.param(state("a", 4), state("a", 3, "y"), None, id="newer"),
        pytest.param(state("a", 3), state("a", 3), None, id="the same"),
        pytest.param(state("b", 4), state("a", 3), "unrelated state", id="of another lineage"),
        pytest.param(state("a", 2), state("a", 3), "serial 2 over newer state with serial 3", id="older"),
        pytest.param(state("a", 3, "y"), state("a", 3), "the same serial", id="another with the same serial"),
    ],
)
def test_a_state_is_refused_that_does_not_follow_the_stored_one(
    pushed: Snapshot, stored: Snapshot, why: str | None
) -> None:
    found = refusal(pushed, stored)
    assert found is None if why is None else why in (found or "")


@pytest.mark.parametrize(
    ("stored", "serial"),
    [
        pytest.param(Snapshot.empty(), 5, id="over nothing"),
        pytest.param(state("a", 3), 5, id="over the same content"),
        pytest.param(state("a", 3, "y"), 6, id="over another content"),
    ],
)
def test_what_is_stored_counts_as_a_change_where_it_is_one(stored: Snapshot, serial: int) -> None:
    assert to_store(state("a", 5), stored).serial == serial

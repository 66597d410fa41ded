import pytest

from engine.address import parse_resource_instance
from engine.diagnostics import DiagnosticError
from rtf.state_edits.taint import Missing, with_status
from state.snapshot import Snapshot
from tests.rtf.state_edits.states import holding

STATE = holding("a.b", "a.c[0]", deposed=("a.old",))
B = parse_resource_instance("a.b")


def test_an_object_is_tainted_and_is_not_any_more() -> None:
    tainted = with_status(STATE, B, tainted=True)
    one = tainted.find("a.b")
    assert one is not None
    assert one.status == "tainted"
    assert with_status(tainted, B, tainted=True).same_content(tainted)
    assert with_status(tainted, B, tainted=False).same_content(STATE)


@pytest.mark.parametrize(
    ("state", "text", "missing"),
    [
        pytest.param(STATE, "a.c", True, id="a resource with a key"),
        pytest.param(STATE, "a.c[1]", True, id="another key"),
        pytest.param(Snapshot.empty(), "a.b", True, id="no state"),
        pytest.param(STATE, "a.old", False, id="only an old object"),
    ],
)
@pytest.mark.parametrize("tainted", [True, False])
def test_what_is_not_recorded_cannot_be_tainted(state: Snapshot, text: str, missing: bool, tainted: bool) -> None:
    with pytest.raises(DiagnosticError) as raised:
        with_status(state, parse_resource_instance(text), tainted=tainted)
    assert isinstance(raised.value, Missing) is missing
    assert [one.summary for one in raised.value.diagnostics] == ["No such resource instance"]


def test_what_is_not_tainted_cannot_be_untainted() -> None:
    with pytest.raises(DiagnosticError, match="Resource instance is not tainted"):
        with_status(STATE, B, tainted=False)

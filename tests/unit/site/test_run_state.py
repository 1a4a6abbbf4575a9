"""dojo.site.run_state: a line that carries how far a run is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.site.run_state import MOST_LINE_BYTES, RunState

STATE = RunState("01-latency", "burst", 2, 3.5, 12.0, 80, 70, 10, 4, pid=17)


@given(st.text(max_size=2000), st.text(max_size=2000))
def test_a_line_is_read_back(summary: str, page: str) -> None:
    """Whatever the texts; long ones are cut, so that a line has a limit."""
    state = RunState("01-latency", "ended", summary=summary, page=page, verdict="met")
    line = state.to_line()
    assert len(line) <= MOST_LINE_BYTES
    assert line.count(b"\n") == 1
    back = RunState.from_line(line)
    assert back is not None
    assert (back.kata, back.verdict) == ("01-latency", "met")
    assert summary.startswith(back.summary)
    assert page.startswith(back.page)


@pytest.mark.parametrize(
    "changes",
    [
        {"t_s": -1},
        {"t_s": "3"},
        {"t_s": float("nan")},
        {"sent": 1.5},
        {"sent": True},
        {"bad": 10**12},
        {"phase": "sleeps"},
        {"summary": "x" * 401},
        {"kata": None},
        {"more": 1},
    ],
)
def test_what_does_not_fit_is_none(changes: dict[str, object]) -> None:
    """A line is another process's word: wrong types and unknown fields are refused."""
    facts = json.loads(STATE.to_line())
    assert RunState.from_line(json.dumps(facts).encode()) == STATE
    assert RunState.from_line(json.dumps({**facts, **changes}).encode()) is None


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b"\xff", b"null", b"[" * 16_000])
def test_other_lines_are_none(line: bytes) -> None:
    """Nothing is raised."""
    assert RunState.from_line(line) is None

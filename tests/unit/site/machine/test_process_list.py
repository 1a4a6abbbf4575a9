"""ps, read on recorded lines of macOS and of Linux."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.site.machine.process_list import parse_line

MACOS = (
    "  501     1   0   12:34.56 Thu Nov 26 09:05:01 2026     "
    "/Applications/Some App.app/Contents/MacOS/Some App"
)
LINUX = " 4711  4700   5 1-02:03:04 Thu Nov 26 18:46:29 2026 stress"


@pytest.mark.parametrize(
    ("line", "pid", "parent", "nice", "cpu_s", "name"),
    [
        (MACOS, 501, 1, 0, 754.56, "Some App"),
        (LINUX, 4711, 4700, 5, 86_400 + 2 * 3600 + 3 * 60 + 4, "stress"),
    ],
)
def test_a_line_is_read_by_its_columns(
    line: str, pid: int, parent: int, nice: int, cpu_s: float, name: str
) -> None:
    """Whatever the form of the time; a path is shortened to its last part."""
    process = parse_line(line)
    assert process is not None
    assert (process.pid, process.parent, process.nice) == (pid, parent, nice)
    assert process.cpu_s == pytest.approx(cpu_s)
    assert process.name == name
    assert not process.kernel


def test_a_process_is_told_from_a_later_one_of_the_same_pid() -> None:
    """By the second in which it began."""
    later = LINUX.replace("18:46:29", "18:46:30")
    first, second = parse_line(LINUX), parse_line(later)
    assert first is not None
    assert second is not None
    assert first.key != second.key


@given(st.text())
def test_what_is_no_line_of_ps_is_nothing(text: str) -> None:
    """Whatever stands there, reading it never raises."""
    assert parse_line(text) is None

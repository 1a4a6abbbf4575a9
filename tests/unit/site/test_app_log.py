"""What is stored of an app's output."""

import io

from hypothesis import given
from hypothesis import strategies as st

from dojo.site import app_log
from dojo.site.app_log import AppLog

FIRST, ALL = app_log.FIRST_LINES, app_log.FIRST_LINES + app_log.LAST_LINES


def log_of(count: int) -> AppLog:
    log = AppLog()
    log.read(io.BytesIO(b"".join(b"%d\n" % number for number in range(count))))
    return log


def test_a_short_log_is_stored_whole() -> None:
    """Every line, in order, and from any line on."""
    log = log_of(FIRST + 5)
    assert log.lines() == [str(number) for number in range(FIRST + 5)]
    assert log.lines(since=FIRST + 3) == [str(FIRST + 3), str(FIRST + 4)]
    assert log.containing("99") == tuple(str(n) for n in range(FIRST + 5) if "99" in str(n))


def test_a_long_log_loses_its_middle() -> None:
    """The first lines and the last; a line number means the same line all the same."""
    log = log_of(ALL + 1000)
    lines = log.lines()
    assert len(lines) == ALL
    assert (lines[FIRST - 1], lines[FIRST]) == (str(FIRST - 1), str(FIRST + 1000))
    assert log.lines(since=ALL + 998) == [str(ALL + 998), str(ALL + 999)]
    assert log.count == ALL + 1000


def test_a_line_without_end_is_cut() -> None:
    """No line takes more memory than the longest that is read at once."""
    log = AppLog()
    log.read(io.BytesIO(b"x" * (3 * app_log.LINE_BYTES)))
    assert [len(line) for line in log.lines()] == [app_log.LINE_BYTES] * 3


@given(st.binary(max_size=2000))
def test_any_bytes_are_text(output: bytes) -> None:
    """What is no UTF-8 is replaced, and every byte is counted."""
    log = AppLog()
    log.read(io.BytesIO(output))
    assert log.bytes == len(output)
    assert len(log.lines()) == log.count

"""dojo.cli.live_table: a table in a terminal, plain lines elsewhere."""

import io

import pytest
from rich.console import Console

from dojo.cli.live_table import LiveFigures, LiveTable, lines, table
from dojo.report import Percentiles
from dojo.slo.window import Count, ObjectiveStatus
from tests.unit.slo.test_window import FAST, LOG_IN

LATE, QUICK = Percentiles(1.2, 1.2, 1.2, 1.2), Percentiles(0.05, 0.05, 0.05, 0.05)
RED = ObjectiveStatus(FAST, Count(2, 80), Count(900, 1000), LATE, (("slow", 70), ("http_5xx", 8)))
GREEN = ObjectiveStatus(FAST, Count(80, 80), Count(900, 1000), QUICK, ())
CLOSE = ObjectiveStatus(FAST, Count(565, 600), Count(900, 1000), QUICK, (("slow", 35),))
FEW = ObjectiveStatus(FAST, Count(20, 20), Count(20, 20), QUICK, ())
EMPTY = ObjectiveStatus(LOG_IN, Count(0, 0), Count(0, 0), None, ())


def now(*statuses: ObjectiveStatus, remark: str = "") -> LiveFigures:
    return LiveFigures(75.0, 3600.0, statuses, 1234, remark)


def rendered(figures: LiveFigures, width: int = 130, color: bool = False) -> str:
    target = io.StringIO()
    Console(
        file=target,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
    ).print(table(figures, width))
    return target.getvalue()


def test_a_line_has_everything_that_a_reader_needs() -> None:
    """Objective, verdict, SLI with good and total in both windows, p95 and causes."""
    assert lines(now(RED)) == [
        "1:15  95% of page loads within 100 ms: missed, last minute 2.5% (2 / 80), p95 1.20 s,"
        " since the start 90.0% (900 / 1,000); bad: 70 slow, 8 http_5xx"
    ]


def test_few_events_are_too_few_to_say() -> None:
    """With the interval in which the true SLI lies, beside the same words as in a report."""
    (few,) = lines(now(FEW))
    assert few.startswith(
        "1:15  95% of page loads within 100 ms: too few to say, 86.1% to 100.0%, last minute 100.0%"
    )
    (close,) = lines(now(CLOSE))
    assert "too close to call, 92.3% to 95.7%, last minute 94.2% (565 / 600)" in close
    assert "86.1% to 100.0%" in rendered(now(FEW), 80)


def test_without_events_nothing_is_claimed() -> None:
    """No events is a word of its own, with no ratio."""
    assert lines(now(EMPTY)) == [
        "1:15  99% of log-ins within 1 s: no events, last minute - (0 / 0), p95 -,"
        " since the start - (0 / 0)"
    ]


@pytest.mark.parametrize(
    ("status", "color"),
    [
        (RED, "\x1b[31m"),
        (GREEN, "\x1b[32m"),
        (CLOSE, "\x1b[33m"),
        (FEW, "\x1b[2m"),
        (EMPTY, "\x1b[2m"),
    ],
)
def test_a_row_has_the_color_of_its_last_minute(status: ObjectiveStatus, color: str) -> None:
    """Red or green where it is clear, yellow where it is close, pale with few events or none."""
    row = next(
        line
        for line in rendered(now(status), color=True).splitlines()
        if status.objective.display_name in line
    )
    assert row.startswith(f"{color}{status.objective.display_name}")


@pytest.mark.parametrize("width", [60, 80, 100, 130])
def test_the_table_fits_the_terminal(width: int) -> None:
    """No line is longer than the terminal is wide; the SLI is never cut off."""
    text = rendered(now(RED, EMPTY, FEW, remark="late"), width)
    assert max(map(len, text.splitlines())) <= width
    assert "2.5%" in text
    assert "2 / 80" in text
    assert "late" in text
    assert "too few to say" in text


def test_plain_lines_come_where_output_is_piped() -> None:
    """Piped output has neither colors nor a table that moves the cursor."""
    target = io.StringIO()
    with LiveTable(target, lambda: now(GREEN)) as live:
        live.tick()
        live.say("app/home.py has changed [again]")
        live.last()
    assert target.getvalue().splitlines() == ["app/home.py has changed [again]", *lines(now(GREEN))]


def test_trouble_while_looking_is_raised_by_the_next_tick() -> None:
    """The table is drawn by a thread of its own, where an exception would be lost."""

    def look() -> LiveFigures:
        raise ZeroDivisionError

    live = LiveTable(io.StringIO(), look)
    live._render()
    with pytest.raises(ZeroDivisionError):
        live.tick()

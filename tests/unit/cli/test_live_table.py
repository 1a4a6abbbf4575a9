"""dojo.cli.live_table: a table in a terminal, plain lines elsewhere."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from dojo.burst_figures import Percentiles
from dojo.cli.live_table import LiveFigures, LiveTable, lines, next_step, since_start, table
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
    """The verdict on the last minute, the objective, the SLI, and bad of all events."""
    assert lines(now(RED)) == [
        "   1:15  NOT MET    95% of page loads within 100 ms: 2.5% good, 78 of 80 bad"
    ]


@pytest.mark.parametrize(
    ("status", "word"),
    [(GREEN, "MET"), (CLOSE, "TOO CLOSE"), (FEW, "TOO FEW"), (EMPTY, "NO EVENTS")],
)
def test_each_verdict_has_its_word(status: ObjectiveStatus, word: str) -> None:
    """Few events are too few to say, and close ones are too close."""
    (line,) = lines(now(status))
    assert line.startswith(f"   1:15  {word:9}  ")
    assert word in rendered(now(status), 80)


def test_without_events_nothing_is_claimed() -> None:
    """There is no ratio."""
    (line,) = lines(now(EMPTY))
    assert line.endswith(": - good, 0 of 0 bad")


@pytest.mark.parametrize("count", [0, 80, 600, 1_800_000])
def test_a_line_fits_80_columns(count: int) -> None:
    """However long the objective's name is; the figures are never cut."""
    for target in (FAST, replace(FAST, display_name="99.95% of " + "long " * 20 + "names")):
        status = ObjectiveStatus(target, Count(0, count), Count(0, count), LATE, ())
        (line,) = lines(replace(now(status), now_s=86_000.0))
        assert len(line) <= 80
        assert line.endswith(f"{count:,} of {count:,} bad")


def test_the_next_step_is_that_of_the_first_that_is_missed() -> None:
    """With how its bad events ended; else the run that decides, or to wait."""
    kata_of = {FAST.name: "01-latency", LOG_IN.name: "02-login-errors"}
    assert next_step([GREEN, RED], kata_of) == (
        "Bad: 70 slow, 8 http_5xx\nNext: ./run pytest katas/01-latency"
    )
    assert "Next: ./run pytest katas, which" in next_step([GREEN, GREEN], kata_of)
    assert next_step([GREEN, EMPTY], kata_of).startswith("Next: wait")
    assert next_step([], kata_of).startswith("Next: wait")


def test_the_end_has_the_figures_of_the_whole() -> None:
    """Without a verdict, which is of the last minute."""
    assert since_start(now(RED)) == [
        "95% of page loads within 100 ms: 90.0% good, 100 of 1,000 bad since the start"
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
    code = color.removeprefix("\x1b[")
    assert row.startswith(("\x1b[1;" + code, "\x1b[1;2m"))
    assert f"{color}{status.objective.display_name}" in row


@pytest.mark.parametrize("width", [60, 80, 100, 130])
def test_the_table_fits_the_terminal(width: int) -> None:
    """No line is longer than the terminal is wide; the SLI is never cut off."""
    figures = replace(now(RED, EMPTY, FEW, remark="late"), next_step="Next: ./run pytest katas")
    text = rendered(figures, width)
    assert max(map(len, text.splitlines())) <= width
    assert "2.5%" in text
    assert "78 of 80 bad" in text
    assert "late" in text
    assert "TOO FEW" in text
    assert "./run pytest" in text


def test_plain_lines_come_where_output_is_piped() -> None:
    """Piped output has neither colors nor a table that moves the cursor."""
    target = io.StringIO()
    with LiveTable(target, lambda: now(GREEN)) as live:
        live.tick()
        live.say("app/home.py has changed [again]")
        live.last()
    assert target.getvalue().splitlines() == [
        "app/home.py has changed [again]",
        *lines(now(GREEN)),
        *since_start(now(GREEN)),
    ]


def test_trouble_while_looking_is_raised_by_the_next_tick() -> None:
    """The table is drawn by a thread of its own, where an exception would be lost."""

    def look() -> LiveFigures:
        raise ZeroDivisionError

    live = LiveTable(io.StringIO(), look)
    live._render()
    with pytest.raises(ZeroDivisionError):
        live.tick()

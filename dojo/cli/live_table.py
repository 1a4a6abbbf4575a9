"""The live figures of `dojo up`: each objective's status, in a table or in plain lines."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from dojo.cli.duration import clock
from dojo.output import wording
from dojo.output.figures import percent
from dojo.output.outcome import OBJECTIVE_VERDICTS
from dojo.slo.window import Count, ObjectiveStatus

__all__ = ["LiveFigures", "LiveTable", "lines", "table"]

REFRESH_PER_S = 2
PLAIN_EVERY_S = 10.0
ROOMY = 80  # columns from which on there is room for the figures since the start …
WIDE = 110  # … and for the causes
COLORS = {"met": "green", "not_met": "red", "undecided": "yellow", "too_few": "dim"}
WORDS = {**OBJECTIVE_VERDICTS, "too_few": "too few to say", "no_events": "no events"}
CLEAR = ("met", "not_met", "no_events")  # these need no interval


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """The figures of one moment."""

    now_s: float
    until_s: float
    statuses: Sequence[ObjectiveStatus]
    journeys: int  # that are over, of every name
    remark: str = ""  # what the reader must know before believing the figures


def table(figures: LiveFigures, width: int) -> RenderableType:
    """For a terminal: a row for each objective, red or green if the last minute says so."""
    rows = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    rows.add_column("objective", overflow="fold")
    rows.add_column("last minute", justify="right", no_wrap=True)
    rows.add_column("good / total", justify="right", no_wrap=True)
    rows.add_column("p95", justify="right", no_wrap=True)
    if width >= ROOMY:
        rows.add_column("since the start", justify="right", no_wrap=True)
    if width >= WIDE:
        rows.add_column("bad", overflow="ellipsis", no_wrap=True)
    for status in figures.statuses:
        color = COLORS.get(status.call, "dim")
        row = [
            Text("\n  ".join([status.objective.display_name, *_verdict(status)]), style=color),
            Text(_sli(status.window, status), style=f"bold {color}"),
            Text(_events(status.window), style=color),
            Text(wording.percentile(status.latency_s, "p95")),
        ]
        if width >= ROOMY:
            whole = f"{_sli(status.whole, status)}  {_events(status.whole)}"
            row.append(Text(whole, style="dim"))
        if width >= WIDE:
            row.append(Text(_causes(status), style="dim"))
        rows.add_row(*row)
    passed = f"{clock(figures.now_s)} of {clock(figures.until_s)}"
    foot = f"{passed}, {figures.journeys:,} journeys; Ctrl-C ends it all"
    parts: list[RenderableType] = [rows, Text(foot, style="dim")]
    if figures.remark:
        parts.append(Text(figures.remark, style="yellow"))
    return Group(*parts)


def lines(figures: LiveFigures) -> list[str]:
    """For a file or a pipe: a line for each objective."""
    rows = []
    for status in figures.statuses:
        verdict = ", ".join(_verdict(status))
        line = (
            f"{clock(figures.now_s)}  {status.objective.display_name}: {verdict},"
            f" last minute {_sli(status.window, status)} ({_events(status.window)}),"
            f" p95 {wording.percentile(status.latency_s, 'p95')},"
            f" since the start {_sli(status.whole, status)} ({_events(status.whole)})"
        )
        rows.append(f"{line}; bad: {causes}" if (causes := _causes(status)) else line)
    return [*rows, figures.remark] if figures.remark else rows


def _sli(count: Count, status: ObjectiveStatus) -> str:
    return "-" if count.sli is None else percent(count.sli, status.objective.target)


def _verdict(status: ObjectiveStatus) -> list[str]:
    """The verdict on the last minute; where it is open, and between what the true SLI lies."""
    if status.call in CLEAR:
        return [WORDS[status.call]]
    low, high = status.interval
    return [WORDS[status.call], f"{percent(low)} to {percent(high)}"]


def _events(count: Count) -> str:
    return f"{count.good:,} / {count.total:,}"


def _causes(status: ObjectiveStatus) -> str:
    return ", ".join(f"{count:,} {cause}" for cause, count in status.causes)


class LiveTable:
    """Shows `look()` while a `with` block runs; messages stand above it."""

    def __init__(self, stream: TextIO, look: Callable[[], LiveFigures]) -> None:
        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)
        self._look = look
        self._plain_at = time.monotonic() + PLAIN_EVERY_S
        self._live: Live | None = None
        self._error: BaseException | None = None
        self._last: RenderableType = ""

    def __enter__(self) -> "LiveTable":
        if self._console.is_terminal:
            self._live = Live(
                console=self._console,
                get_renderable=self._render,
                refresh_per_second=REFRESH_PER_S,
                vertical_overflow="crop",
            )
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def say(self, text: str) -> None:
        """Print a message above the table."""
        self._console.print(text, soft_wrap=True)

    def tick(self) -> None:
        """To be called a few times a second: prints plain lines where there is no table.

        Raises what went wrong while the table was drawn.
        """
        if self._error is not None:
            raise self._error
        if self._live is None and time.monotonic() >= self._plain_at:
            self._plain_at += PLAIN_EVERY_S
            self.print_lines()

    def last(self) -> None:
        """Print the last figures as plain lines, where no table stays on the screen."""
        if self._live is None:
            self.print_lines()

    def print_lines(self) -> None:
        """Print the figures of now as plain lines."""
        for line in lines(self._look()):
            self._console.print(line, soft_wrap=True)

    def _render(self) -> RenderableType:
        """The table of now; its own thread asks, where an exception would be lost."""
        try:
            self._last = table(self._look(), self._console.width)
        except BaseException as error:
            self._error = error
        return self._last

"""The live line of `dojo up`: how each objective stands, in a table or in plain lines."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from dojo.cli.duration import clock
from dojo.output.figures import percent, seconds
from dojo.slo.window import Count, Standing

__all__ = ["LiveLine", "Now", "lines", "table"]

REFRESH_PER_S = 2
PLAIN_EVERY_S = 10.0
COLORS = {True: "green", False: "red", None: "dim"}
WORDS = {True: "met", False: "missed", None: "no events"}


@dataclass(frozen=True, slots=True)
class Now:
    """What there is to show."""

    now_s: float
    until_s: float
    standings: Sequence[Standing]
    sent: int  # journeys that are over, of every name
    remark: str = ""  # what the reader must know before believing the figures


def table(now: Now, width: int) -> RenderableType:
    """For a terminal: a row for each objective, red or green as the last minute is."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    made.add_column("objective", overflow="ellipsis", no_wrap=True)
    made.add_column("last minute", justify="right", no_wrap=True)
    made.add_column("good / total", justify="right", no_wrap=True)
    made.add_column("p95", justify="right", no_wrap=True)
    made.add_column("since the start", justify="right", no_wrap=True)
    if width >= 110:
        made.add_column("bad", overflow="ellipsis", no_wrap=True)
    for one in now.standings:
        row = [
            Text(one.objective.display_name, style=COLORS[one.met]),
            Text(_sli(one.window, one), style=f"bold {COLORS[one.met]}"),
            Text(_events(one.window), style=COLORS[one.met]),
            Text(seconds(one.p95_s)),
            Text(f"{_sli(one.whole, one)}  {_events(one.whole)}", style="dim"),
        ]
        if width >= 110:
            row.append(Text(_causes(one), style="dim"))
        made.add_row(*row)
    told = f"{clock(now.now_s)} of {clock(now.until_s)}, {now.sent:,} journeys; Ctrl-C ends it all"
    parts: list[RenderableType] = [made, Text(told, style="dim")]
    if now.remark:
        parts.append(Text(now.remark, style="yellow"))
    return Group(*parts)


def lines(now: Now) -> list[str]:
    """For a file or a pipe: a line for each objective."""
    told = []
    for one in now.standings:
        line = (
            f"{clock(now.now_s)}  {one.objective.display_name}: {WORDS[one.met]}, last minute"
            f" {_sli(one.window, one)} ({_events(one.window)}), p95 {seconds(one.p95_s)},"
            f" since the start {_sli(one.whole, one)} ({_events(one.whole)})"
        )
        told.append(f"{line}; bad: {causes}" if (causes := _causes(one)) else line)
    return [*told, now.remark] if now.remark else told


def _sli(count: Count, one: Standing) -> str:
    return "-" if count.sli is None else percent(count.sli, one.objective.target)


def _events(count: Count) -> str:
    return f"{count.good:,} / {count.total:,}"


def _causes(one: Standing) -> str:
    return ", ".join(f"{count:,} {cause}" for cause, count in one.causes)


class LiveLine:
    """Shows `look()` while a `with` block runs; what is said meanwhile stands above it."""

    def __init__(self, stream: TextIO, look: Callable[[], Now]) -> None:
        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)
        self._look = look
        self._plain_at = time.monotonic() + PLAIN_EVERY_S
        self._live: Live | None = None
        self._error: BaseException | None = None
        self._last: RenderableType = ""

    def __enter__(self) -> "LiveLine":
        if self._console.is_terminal:
            self._live = Live(
                console=self._console,
                get_renderable=self._shown,
                refresh_per_second=REFRESH_PER_S,
                vertical_overflow="crop",
            )
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def say(self, text: str) -> None:
        """Print a text that stays."""
        self._console.print(text, soft_wrap=True)

    def tick(self) -> None:
        """To be called now and then: raises what went wrong with looking, prints plain lines."""
        if self._error is not None:
            raise self._error
        if self._live is None and time.monotonic() >= self._plain_at:
            self._plain_at += PLAIN_EVERY_S
            self.print_lines()

    def last(self) -> None:
        """Plain lines once more, where no table has stayed on the screen."""
        if self._live is None:
            self.print_lines()

    def print_lines(self) -> None:
        """Plain lines of now."""
        for line in lines(self._look()):
            self._console.print(line, soft_wrap=True)

    def _shown(self) -> RenderableType:
        """Called by the table's own thread, where an exception would be lost."""
        try:
            self._last = table(self._look(), self._console.width)
        except BaseException as error:
            self._error = error
        return self._last

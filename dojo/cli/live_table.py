"""The live figures of `dojo up`: each objective's status, in a table or in plain lines."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from dojo.cli.duration import clock
from dojo.output import wording
from dojo.output.figures import percent
from dojo.slo.window import Count, ObjectiveStatus

__all__ = ["LiveFigures", "LiveTable", "lines", "next_step", "since_start", "table"]

REFRESH_PER_S = 2
PLAIN_EVERY_S = 10.0
COLUMNS = 80  # of a plain line
ROOMY = 110  # columns from which on the table has room for p95 and the figures since the start
COLORS = {"met": "green", "not_met": "red", "undecided": "yellow", "too_few": "dim"}
WORDS = {
    "met": "MET",
    "not_met": "NOT MET",
    "undecided": "TOO CLOSE",
    "too_few": "TOO FEW",
    "no_events": "NO EVENTS",
}
WORD_COLUMNS = max(map(len, WORDS.values()))


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """The figures of one moment."""

    now_s: float
    until_s: float
    statuses: Sequence[ObjectiveStatus]
    journeys: int  # that are over, of every name
    remark: str = ""  # what the reader must know before believing the figures
    next_step: str = ""


def next_step(statuses: Sequence[ObjectiveStatus], kata_of: Mapping[str, str]) -> str:
    """What to do next, and why; `kata_of` has the kata of each objective's name."""
    for status in statuses:
        if status.call == "not_met":
            kata = kata_of[status.objective.name]
            causes = f"Bad: {_causes(status)}\n" if status.causes else ""
            return f"{causes}Next: ./run pytest katas/{kata}"
    if statuses and all(status.call == "met" for status in statuses):
        return "All met in the last minute. Next: ./run pytest katas, which is stricter"
    return "Next: wait for more events; a browser on the board brings more load"


def table(figures: LiveFigures, width: int) -> RenderableType:
    """For a terminal: a line for each objective, red or green if the last minute says so."""
    rows = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    is_narrow = width < ROOMY  # then the objective has what the others leave, and may be cut
    rows.expand = is_narrow
    rows.add_column("last minute", no_wrap=True)
    rows.add_column("objective", overflow="ellipsis", no_wrap=True, ratio=1 if is_narrow else None)
    rows.add_column("good", justify="right", no_wrap=True)
    rows.add_column("bad", justify="right", no_wrap=True)
    if width >= ROOMY:
        rows.add_column("p95", justify="right", no_wrap=True)
        rows.add_column("since the start", justify="right", no_wrap=True)
    for status in figures.statuses:
        color = COLORS.get(status.call, "dim")
        row = [
            Text(WORDS[status.call], style=f"bold {color}"),
            Text(status.objective.display_name, style=color),
            Text(_sli(status.window, status), style=f"bold {color}"),
            Text(_bad(status.window), style=color),
        ]
        if width >= ROOMY:
            whole = f"{_sli(status.whole, status)}  {_bad(status.whole)}"
            row += [Text(wording.percentile(status.latency_s, "p95")), Text(whole, style="dim")]
        rows.add_row(*row)
    passed = f"{clock(figures.now_s)} of {clock(figures.until_s)}"
    foot = f"{passed}, {figures.journeys:,} journeys; Ctrl-C ends it all"
    parts: list[RenderableType] = [rows]
    if figures.remark:
        parts.append(Text(figures.remark, style="yellow"))
    return Group(*parts, Text(figures.next_step), Text(foot, style="dim"))


def lines(figures: LiveFigures) -> list[str]:
    """For a file or a pipe: a line of at most 80 columns for each objective, and what to do next.

    The verdict and the figures are of the last minute. A name that is too long is cut.
    """
    rows = []
    for status in figures.statuses:
        name = status.objective.display_name
        figure = f"{_sli(status.window, status)} good, {_bad(status.window)}"
        line = f"{clock(figures.now_s):>7}  {WORDS[status.call]:{WORD_COLUMNS}}  {name}: "
        if len(line) + len(figure) > COLUMNS:
            line = f"{line[: COLUMNS - len(figure) - 3].rstrip()}…: "
        rows.append(line + figure)
    rows += [figures.remark] if figures.remark else []
    return [*rows, *figures.next_step.splitlines()]


def since_start(figures: LiveFigures) -> list[str]:
    """The same for the whole time, without verdicts."""
    return [
        f"{status.objective.display_name}:"
        f" {_sli(status.whole, status)} good, {_bad(status.whole)} since the start"
        for status in figures.statuses
    ]


def _sli(count: Count, status: ObjectiveStatus) -> str:
    return "-" if count.sli is None else percent(count.sli, status.objective.target)


def _bad(count: Count) -> str:
    return f"{count.total - count.good:,} of {count.total:,} bad"


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
        """Print the last figures, where no table stays on the screen, and those of the whole."""
        if self._live is None:
            self.print_lines()
        for line in since_start(self._look()):
            self._console.print(line, soft_wrap=True)

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

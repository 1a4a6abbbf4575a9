"""What is shown while something takes its time: the dataset being made, a burst."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from dojo.output.run_events import VARIABLE, event_line

__all__ = ["ProgressEvents", "ProgressLine", "live_seeding", "progress_line"]

EVENT_EVERY_S = 0.25


@contextmanager
def live_seeding(stream: TextIO) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for (what, done, total) while the dataset is made and loaded; nothing when piped."""
    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
    )
    console = Console(file=stream)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        tasks = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)

        yield show


class ProgressLine:
    """A progress bar with live figures while the burst runs; a plain line where output is piped."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream)
        self._progress: Progress | None = None
        self._task: Any = None

    def __enter__(self) -> "ProgressLine":
        if self._console.is_terminal:
            self._progress = Progress(
                TextColumn("burst"),
                BarColumn(),
                TextColumn("{task.fields[figures]}"),
                console=self._console,
                transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task("burst", figures="")
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    @property
    def is_live(self) -> bool:
        """Whether it shows that time goes on."""
        return self._progress is not None

    def say(self, line: str) -> None:
        """Print a line above the bar; where output is piped it is never wrapped."""
        piped = not self._console.is_terminal
        self._console.print(line, markup=False, highlight=False, soft_wrap=piped)

    def update(
        self, t_s: float, duration_s: float, sent: int, done: int, pending: int, bad: int
    ) -> None:
        """Show the figures of now."""
        if self._progress is not None:
            figures = (
                f"{t_s:.1f} s  sent {sent:,}  answered {done:,}  waiting {pending:,}  bad {bad:,}"
            )
            self._progress.update(self._task, completed=t_s, total=duration_s, figures=figures)


class ProgressEvents:
    """The same for a run that is watched: an event for each look."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._next_at = stream, 0.0

    def __enter__(self) -> "ProgressEvents":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def is_live(self) -> bool:
        """Whoever watches shows it."""
        return True

    def say(self, line: str) -> None:
        """Print a line for people."""
        print(line, file=self._stream, flush=True)

    def update(
        self, t_s: float, duration_s: float, sent: int, done: int, pending: int, bad: int
    ) -> None:
        """Tell the figures of now, a few times a second."""
        if time.monotonic() >= self._next_at:
            self._next_at = time.monotonic() + EVENT_EVERY_S
            self._stream.write(event_line("progress", t_s=t_s, sent=sent, answered=done, bad=bad))
            self._stream.flush()


def progress_line(stream: TextIO, environ: Mapping[str, str]) -> ProgressLine | ProgressEvents:
    """What shows the burst's progress: to people, or to `dojo watch`."""
    return ProgressEvents(stream) if VARIABLE in environ else ProgressLine(stream)

"""What is shown while something takes its time: the dataset being made, a burst."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

__all__ = ["ProgressLine", "live_seeding"]


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

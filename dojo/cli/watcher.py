"""What a save does: the loop of `dojo watch`, without processes, files and terminal.

A save starts a run. A save during a run ends that run and starts the next one, since half a run of
the old code and half of the new one say nothing of either. Many saves at once are one: `changed`
waits until they have settled. An app that can't be compiled is not run at all.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from dojo.output.run_events import Event

__all__ = ["Display", "Run", "Watcher"]


class Run(Protocol):
    """A run that waits until it is started."""

    def start(self) -> None: ...
    def events(self) -> list[Event]: ...
    def status(self) -> int | None: ...
    def stop(self) -> None: ...


class Display(Protocol):
    """Who shows what happens."""

    def began(self, names: Sequence[str]) -> None: ...
    def cut_short(self, names: Sequence[str]) -> None: ...
    def event(self, event: Event) -> None: ...
    def ended(self, status: int) -> None: ...
    def broken(self, problem: str) -> None: ...


class Watcher:
    """Keeps one run ready, starts it at a save, and prepares the next one when it has ended."""

    def __init__(
        self,
        changed: Callable[[], Sequence[str]],
        syntax_problem: Callable[[], str | None],
        new_run: Callable[[], Run],
        display: Display,
    ) -> None:
        self._changed, self._syntax_problem = changed, syntax_problem
        self._new_run, self._display = new_run, display
        self._run: Run | None = None
        self._running = False

    def begin(self) -> None:
        """The first run, of the app as it is."""
        self._saved(())

    def tick(self) -> None:
        """One look at the files and at the run."""
        if names := self._changed():
            self._saved(names)
        if self._run is None:
            return
        status = self._run.status()
        for event in self._run.events():
            self._display.event(event)
        if status is not None:
            self._display.ended(status)
            was_running, self._running = self._running, False
            self._end_run()
            if was_running:  # else it can't even be collected: nothing to prepare until a save
                self._run = self._new_run()

    def close(self) -> None:
        """End what is running or held ready."""
        self._end_run()

    def _saved(self, names: Sequence[str]) -> None:
        if self._running:
            self._display.cut_short(names)
            self._end_run()
            self._running = False
        if problem := self._syntax_problem():
            self._display.broken(problem)
        else:
            self._display.began(names)
            if self._run is None:
                self._run = self._new_run()
            self._run.start()
            self._running = True
        if self._run is None:
            self._run = self._new_run()

    def _end_run(self) -> None:
        if self._run is not None:
            self._run.stop()  # a Ctrl-C meanwhile leaves the rest of it to `close`
            self._run = None

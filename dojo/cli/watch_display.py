"""What `dojo watch` shows: the run under way in a line, then its report in short."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.text import Text

from dojo.errors import BadSetting
from dojo.output.app_text import printable
from dojo.output.attempts import attempts_of
from dojo.output.figures import seconds
from dojo.output.limit import limit
from dojo.output.run_events import Event
from dojo.output.stored_report import latest_report
from dojo.output.terminal.beside import print_beside
from dojo.report import Report

__all__ = ["WatchDisplay"]

MOST_NAMES = 3
MOST_MESSAGES = 12  # of a run; all of them if there is no report
PROBLEM_LINES = 40
LONG_WAIT_S = 5.0  # for another run, or a container
CLEAR_LINE = "\r\x1b[2K"


class WatchDisplay:
    """Satisfies dojo.cli.watcher.Display. `reported` is called when there is a new report;
    `after_green` says what there is to do once the kata is solved.
    """

    def __init__(
        self,
        console: Console,
        kata: str,
        reports: Path,
        page: str,
        reported: Callable[[], None],
        after_green: Sequence[str] = (),
    ) -> None:
        self._console, self._kata, self._reports = console, kata, reports
        self._page, self._reported = page, reported
        self._after_green = after_green
        self._began_at, self._opened_after_s = 0.0, 0.0
        self._names = ""
        self._messages: list[str] = []
        self._problems: list[str] = []
        self._earlier = attempts_of(reports, kata)
        self._live = False  # a line is on the screen that the next one replaces

    def began(self, names: Sequence[str]) -> None:
        """A run begins, of the app as it is or after a save."""
        self._began_at, self._names = time.monotonic(), _listed(names)
        self._opened_after_s = 0.0
        self._messages, self._problems = [], []
        self._print(Text(f"{f'{self._names} saved' if names else 'The app as it is'}: running …"))

    def cut_short(self, names: Sequence[str]) -> None:
        """A save in the middle of a run."""
        self._print(Text(f"{_listed(names)} saved meanwhile: this run ends.", style="yellow"))

    def broken(self, problem: str) -> None:
        """The app can't be compiled."""
        self._print(Text("Not run, since this can't be compiled:", style="bold red"))
        self._print(Text(problem))
        self._wait()

    def event(self, event: Event) -> None:
        """Something that the run tells."""
        facts = event.facts
        text = printable(str(facts.get("text", "")))
        if event.kind == "message" and text.strip():
            self._messages.append(text)
            if len(self._messages) <= MOST_MESSAGES:
                self._print(Text(text, style="dim"))
        elif event.kind == "opened":
            self._opened_after_s = time.monotonic() - self._began_at
        elif event.kind == "alone":
            before = self._earlier[-1].alone_s if self._earlier else None
            ghost = f"  (before: {seconds(before)})" if before is not None else ""
            line = Text(f"{self._since()}: one alone takes {seconds(facts['time_s'])}")
            line.append(ghost, style="dim")
            self._print(line)
        elif event.kind == "progress":
            self._status(
                f"burst {facts['t_s']:.1f} s: sent {facts['sent']:,},"
                f" answered {facts['answered']:,}, bad {facts['bad']:,}"
            )
        elif event.kind == "problem":
            self._problems.append(text)

    def ended(self, status: int) -> None:
        """A run is over: its report, or why there is none."""
        attempts = attempts_of(self._reports, self._kata)
        known = {each.number for each in self._earlier}
        new = [each for each in attempts if each.number not in known]
        self._print(Text(""))
        if new:
            earlier = [each for each in self._earlier if each.verdict != "invalid"]
            print_beside(self._console, self._kata, new[-1], earlier, self._took())
            self._print_limit()
            self._reported()
        else:
            for problem in (
                dict.fromkeys(self._problems) or self._messages or [f"exit status {status}"]
            ):
                lines = problem.splitlines()[-PROBLEM_LINES:]
                self._print(Text("\n".join(lines), style="red"))
        self._earlier = attempts
        self._wait(attempts[-1].verdict if new else None)

    def _print_limit(self) -> None:
        """What limits the site, as the report's headline says it."""
        with suppress(BadSetting):
            report = latest_report(self._reports, self._kata)
            if isinstance(report, Report) and (sentence := limit(report)):
                self._console.print(Text(printable(sentence), style="bold"))

    def _took(self) -> str:
        """How long it was from the save to the verdict, and how much of it was not this run's."""
        text = f"{self._since()}{' after the save' if self._names else ''}"
        if self._opened_after_s > LONG_WAIT_S:
            text += f", {self._opened_after_s:.0f} s of it before its turn came"
        return text

    def _wait(self, verdict: str | None = None) -> None:
        number = self._kata.partition("-")[0]
        more = f"Stuck? ./run dojo hint {number}. " if verdict not in (None, "met") else ""
        if verdict == "met":
            self._print(Text("Solved. What next:", style="bold green"))
            for line in self._after_green:
                self._print(Text(f"→ {line}"))
        self._print(Text(f"{more}The whole report: {self._page}", style="dim"))
        self._print(Text("Waiting for a save of app/; Ctrl-C ends.", style="dim"))

    def _since(self) -> str:
        return f"{time.monotonic() - self._began_at:.1f} s"

    def _print(self, line: Text) -> None:
        if self._live:
            self._console.file.write(CLEAR_LINE)
            self._live = False
        self._console.print(line, soft_wrap=not self._console.is_terminal)
        self._console.file.flush()

    def _status(self, text: str) -> None:
        """A line that the next one replaces; nothing where output is piped."""
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            self._console.file.write(f"{CLEAR_LINE}{text[: self._console.width - 1]}")
            self._console.file.flush()
            self._live = True


def _listed(names: Sequence[str]) -> str:
    """app/home.py, app/search.py, …"""
    shown = ", ".join(f"app/{name}" for name in names[:MOST_NAMES])
    return f"{shown}, …" if len(names) > MOST_NAMES else shown

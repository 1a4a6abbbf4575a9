"""What `dojo watch` shows: the attempt in short, and the one before beside each figure."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from dojo.cli.watch_display import WatchDisplay
from dojo.costs import WhereTimeWent
from dojo.output import store
from dojo.output.run_events import Event
from dojo.report import CheckResult, Report
from tests.support.outcomes import OUTCOMES
from tests.support.sample_reports import report

AFTER_GREEN = ("One more question: a", "The next kata: b")


class Screen:
    """A display, what it printed, and the reports that it reads."""

    def __init__(self, folder: Path, width: int) -> None:
        self.stream, self.folder, self.reported = io.StringIO(), folder, 0
        console = Console(file=self.stream, width=width, highlight=False, markup=False)
        self.display = WatchDisplay(
            console, "01-latency", folder, "http://page/", self._reported, AFTER_GREEN
        )

    def _reported(self) -> None:
        self.reported += 1

    def attempt(self, ended: Report, number: int) -> str:
        """An attempt that is stored while the display shows it; what was printed."""
        since = len(self.stream.getvalue())
        self.display.began(("home.py",))
        store.save(replace(ended, kata="01-latency", number=number), self.folder)
        self.display.ended(1)
        return self.stream.getvalue()[since:]


@pytest.fixture
def screen(tmp_path: Path) -> Screen:
    return Screen(tmp_path, 100)


def test_the_attempts_before_stand_beside(screen: Screen) -> None:
    """At first there is none; later the last two, the newest first."""
    first = screen.attempt(report(events=300, bad_ratio=0.9), 1)
    assert "attempt 1, " in first
    assert "now" in first
    screen.attempt(report(events=300, bad_ratio=0.5, seed=2), 2)
    third = screen.attempt(report(events=300, bad_ratio=0.1, seed=3), 3)
    header = next(line for line in third.splitlines() if "now" in line)
    assert header.split() == ["now", "attempt", "2", "attempt", "1"]
    assert screen.reported == 3


def test_an_invalid_run_is_nothing_to_compare_with(screen: Screen) -> None:
    """It says why it is invalid, and stands beside no later attempt."""
    screen.attempt(report(events=300, bad_ratio=0.9), 1)
    invalid = replace(report(events=10), verdict="invalid", invalid_because=("the disk was busy",))
    text = screen.attempt(invalid, 2)
    assert "INVALID RUN" in text
    assert "the disk was busy" in text
    assert "now" not in text
    header = next(line for line in screen.attempt(report(), 3).splitlines() if "now" in line)
    assert header.split() == ["now", "attempt", "1"]


def test_other_conditions_are_not_compared(screen: Screen) -> None:
    """An attempt on another server has no figures beside this one's."""
    screen.attempt(replace(report(), environment={"provider": "docker"}), 1)
    text = screen.attempt(replace(report(), environment={"provider": "embedded"}), 2)
    sli = next(line for line in text.splitlines() if report().objectives[0].name in line)
    assert sli.split()[-1] == "-"


def test_a_failed_check_is_named(screen: Screen) -> None:
    """A site that is fast and broken says what is broken."""
    broken = replace(
        report(),
        verdict="not_met",
        slo="met",
        site_works=False,
        checks=(CheckResult("pages_right", False, "12 pages were wrong."),),
    )
    text = screen.attempt(broken, 1)
    assert "SLO MET, BUT THE SITE IS BROKEN" in text
    assert "✗ pages_right: 12 pages were wrong." in text


def test_what_limits_the_site_is_said_as_in_the_report(screen: Screen) -> None:
    """In the headline's words, after a red run alone."""
    blocked = WhereTimeWent(loop_blocked_share=0.6, loop_blocked_most_s=0.4)
    text = screen.attempt(replace(report(events=300, bad_ratio=0.9), where=blocked), 1)
    assert "event loop stood still for 60% of the burst" in text
    assert "Solved" not in text
    assert "./run dojo hint 01" in text
    green = screen.attempt(replace(report(bad_ratio=0.0), where=blocked), 2)
    assert "event loop stood still" not in green


def test_who_is_done_is_told_what_next(screen: Screen) -> None:
    """Solved, the question and the next kata; nothing of it if the site is broken."""
    text = screen.attempt(report(bad_ratio=0.0), 1)
    assert "Solved. What next:\n→ One more question: a\n→ The next kata: b\n" in text
    broken = replace(report(), verdict="not_met", slo="met", site_works=False)
    assert "Solved" not in screen.attempt(broken, 2)


def test_an_app_that_does_not_start(screen: Screen) -> None:
    """No report: the failure's own words, and no new page."""
    screen.display.began(("main.py",))
    screen.display.event(Event("problem", {"text": "AppDidNotStart: app/main.py:3 in x"}))
    screen.display.ended(1)
    assert "AppDidNotStart: app/main.py:3 in x" in screen.stream.getvalue()
    assert screen.reported == 0


def test_nothing_of_the_apps_reaches_the_terminal_raw(screen: Screen) -> None:
    """Escape sequences in an app's message stay text."""
    screen.display.began(())
    screen.display.event(Event("problem", {"text": "AppDied: \x1b]0;title\x07\x1b[2J"}))
    screen.display.event(Event("message", {"text": "\x1b[31mred"}))
    screen.display.ended(1)
    checks = (CheckResult("pages_right", False, "\x1b[2J gone"),)
    screen.attempt(replace(report(), verdict="not_met", checks=checks), 1)
    assert "\x1b" not in screen.stream.getvalue()


def test_the_first_figure_has_a_ghost(screen: Screen) -> None:
    """What one request takes alone, beside the attempt before."""
    screen.attempt(replace(report(), service_time_s=0.738), 1)
    screen.display.began(("home.py",))
    screen.display.event(Event("alone", {"time_s": 0.199}))
    assert "one alone takes 199 ms  (before: 738 ms)" in screen.stream.getvalue()


def test_messages_are_shown_and_progress_only_on_a_terminal(screen: Screen) -> None:
    """What the run says for people is printed; a piped output has no line that changes."""
    screen.display.began(())
    before = screen.stream.getvalue()
    screen.display.event(Event("progress", {"t_s": 1.0, "sent": 8, "answered": 1, "bad": 7}))
    assert screen.stream.getvalue() == before
    screen.display.event(Event("message", {"text": "Seeding the dataset."}))
    assert screen.stream.getvalue().endswith("Seeding the dataset.\n")


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_every_outcome_holds_at_every_width(name: str, width: int, tmp_path: Path) -> None:
    """No line is longer than the terminal, and nothing is cut off."""
    screen = Screen(tmp_path, width)
    screen.attempt(report(events=300, bad_ratio=0.9), 1)
    text = screen.attempt(OUTCOMES[name], 2)
    table = [line for line in text.splitlines() if "http://" not in line and "/home" not in line]
    assert max(len(line.rstrip()) for line in table if not line.startswith(" ✗")) <= width
    for objective in OUTCOMES[name].objectives if OUTCOMES[name].verdict != "invalid" else ():
        assert objective.name in " ".join(text.split()) or width == 60

"""The steps of a journey in the terminal."""

import io

from rich.console import Console

from dojo.output.terminal.step_table import print_steps
from dojo.report import Percentiles, StepTime

SEARCH = StepTime("search", 10, 8, Percentiles(2.0, 3.0, 4.0, 4.5), 15.0)
NEVER = StepTime("reviews", 0, 0, None)
OPEN = StepTime("product", 5, 5, Percentiles(0.1, 0.2, 0.3, 0.4), 5.0)


def shown(*steps: StepTime, width: int = 80) -> str:
    target = io.StringIO()
    print_steps(Console(file=target, width=width, no_color=True), steps)
    return target.getvalue()


def test_each_step_tells_its_share() -> None:
    """Answers out of what was sent, times, and the share of all the time in answers."""
    text = shown(SEARCH, OPEN, NEVER)
    line = next(line for line in text.splitlines() if "search" in line)
    for told in ("8 / 10", "2.00 s", "3.00 s", "4.50 s", "75%"):
        assert told in line
    assert "25%" in next(line for line in text.splitlines() if "product" in line)
    assert "0 / 0" in next(line for line in text.splitlines() if "reviews" in line)


def test_it_fits_a_narrow_terminal() -> None:
    """At 80 columns nothing is cut off."""
    assert all(len(line) <= 80 for line in shown(SEARCH, OPEN).splitlines())
    assert "…" not in shown(SEARCH, OPEN)


def test_no_steps_no_table() -> None:
    """A journey of one step says nothing here."""
    assert shown() == ""

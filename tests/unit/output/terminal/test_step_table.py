"""The steps of a journey in the terminal."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from dojo.output.terminal.step_table import print_steps
from dojo.report import Percentiles, StepTime

SEARCH = StepTime("search", 10, 8, Percentiles(2.0, 3.0, 4.0, 4.5), 15.0)
NEVER = StepTime("reviews", 0, 0, None)
OPEN = StepTime("product", 5, 5, Percentiles(0.1, 0.2, 0.3, 0.4), 5.0)


def printed(*steps: StepTime, width: int = 80) -> str:
    target = io.StringIO()
    print_steps(Console(file=target, width=width, no_color=True), steps)
    return target.getvalue()


def test_each_step_tells_its_share() -> None:
    """Answers out of what was sent, times, and the share of all the time in answers."""
    text = printed(SEARCH, OPEN, NEVER)
    line = next(line for line in text.splitlines() if "search" in line)
    for figure in ("8 / 10", "2.00 s", "3.00 s", "4.50 s", "75%"):
        assert figure in line
    assert "25%" in next(line for line in text.splitlines() if "product" in line)
    assert "0 / 0" in next(line for line in text.splitlines() if "reviews" in line)


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_no_name_and_no_figure_is_cut(width: int) -> None:
    """A long name is wrapped; where a bar has no room, its share stands alone."""
    text = printed(SEARCH, replace(OPEN, name="product page"), width=width)
    assert all(len(line) <= width for line in text.splitlines())
    assert "…" not in text
    for whole in ("product", "page", "8 / 10", "2.00 s", "3.00 s", "4.50 s", "75%", "25%"):
        assert whole in text


def test_no_steps_no_table() -> None:
    """A journey of one step says nothing here."""
    assert printed() == ""

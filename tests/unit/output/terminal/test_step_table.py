"""The steps of a journey in the terminal."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from dojo.burst_figures import Percentiles, StepTime
from dojo.costs import StepAlone, StepCost
from dojo.output.terminal.step_table import print_steps
from dojo.report import Report
from tests.support.sample_reports import small_report

SEARCH = StepTime("search", 10, 8, Percentiles(2.0, 3.0, 4.0, 4.5), 15.0)
NEVER = StepTime("reviews", 0, 0, None)
OPEN = StepTime("product", 5, 5, Percentiles(0.1, 0.2, 0.3, 0.4), 5.0)
COSTS = (
    StepCost("search", 1.0, 10, 1.8, 0.02, StepAlone("search", 0.011)),
    StepCost("product", 1.0, 5, 0.09, 12.4, StepAlone("product", 0.041)),
)


def of(*steps: StepTime, costs: tuple[StepCost, ...] = COSTS) -> Report:
    return small_report(steps=steps, costs=costs)


def printed(report: Report, width: int = 80) -> str:
    target = io.StringIO()
    print_steps(Console(file=target, width=width, no_color=True), report)
    return target.getvalue()


def test_each_step_tells_what_it_waits_for_and_what_it_costs() -> None:
    """Answers out of what was sent, times; the step that waits is not the one that costs."""
    lines = {
        line.split()[0]: line for line in printed(of(SEARCH, OPEN, NEVER)).splitlines() if line
    }
    assert lines["search"].split() == [
        *("search", "8", "/", "10", "2.00", "s", "3.00", "s"),
        *("1.80", "s", "20", "ms", "11", "ms"),
    ]
    assert lines["product"].endswith("90 ms   12.40 s  41 ms")
    assert lines["reviews"].split() == ["reviews", "0", "/", "0", *("-" * 5)]


def test_without_costs_there_are_no_empty_columns() -> None:
    """As in the report of an app that was never measured alone."""
    text = printed(of(SEARCH, OPEN, costs=()))
    assert "alone" not in text
    assert "3.00 s" in text


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_no_name_and_no_figure_is_cut(width: int) -> None:
    """Where a table is too wide each name stands above its figures."""
    long = "the product and all that was written about it by customers"
    text = printed(of(SEARCH, replace(OPEN, name=long)), width=width)
    assert all(len(line) <= width for line in text.splitlines())
    assert "…" not in text
    words = " ".join(text.split())
    for whole in (long, "8 / 10", "2.00 s", "3.00 s", "1.80 s", "20 ms", "11 ms"):
        assert whole in words


def test_no_steps_no_table() -> None:
    """A journey of one step says nothing here."""
    assert printed(small_report()) == ""

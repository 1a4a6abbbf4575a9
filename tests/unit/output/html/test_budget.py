"""The plot of an error budget."""

import pytest

from dojo.burst_figures import Point
from dojo.output.html.budget import budget
from tests.support.sample_reports import report_of
from tests.support.svg_paths import height_at


def test_the_budget_is_gone_with_the_first_event_beyond_it() -> None:
    """Of 40 events 2 may be bad; the third bad one ends it, at its moment."""
    points = tuple(
        Point(0.25 * n, 0.01 if n % 5 else None, None if n % 5 else "timeout") for n in range(40)
    )
    sample = report_of(points)
    plot = budget(sample, sample.objectives[0], 300, 150)
    assert sample.objectives[0].budget == pytest.approx(2)
    assert plot.gone_s == points[10].intended_s
    assert plot.total.label == "spent 8"
    assert plot.total.at < plot.limit.at < plot.area.bottom
    assert height_at(plot.line, plot.area.right) == pytest.approx(plot.total.at, abs=0.1)


def test_a_budget_that_is_kept_is_never_gone() -> None:
    """Just as many bad events as the budget has are within it."""
    points = tuple(
        Point(0.25 * n, 0.01 if n > 1 else 5, None if n > 1 else "slow") for n in range(40)
    )
    sample = report_of(points)
    assert sample.objectives[0].bad == 2
    assert budget(sample, sample.objectives[0], 300, 150).gone is None

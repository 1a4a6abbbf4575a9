"""The plot of those who still wait."""

import pytest

from dojo.output.html.waiting import waiting
from tests.support.sample_reports import FOUR_POINTS, report_of
from tests.support.svg_paths import height_at


def test_the_curve_passes_each_threshold_at_its_bad_ratio() -> None:
    """At a threshold the share that still waits is 1 - SLI, and the ring is at 1 - target."""
    sample = report_of(FOUR_POINTS, ((0.95, 0.1), (0.9, 0.3)))
    plot = waiting(sample, 680, 300)
    for goal, objective in zip(plot.goals, sample.objectives, strict=True):
        assert height_at(plot.curve, goal.x) == pytest.approx(goal.measured, abs=0.1)
        assert goal.measured < goal.allowed  # higher up: more wait than may
        assert goal.burn == f"{objective.burn_rate:.1f}\N{MULTIPLICATION SIGN}"
    assert plot.rest is not None
    assert plot.rest.label == "25% to the end"


def test_a_curve_that_ends_with_nobody_ends_on_the_floor() -> None:
    """When all were answered, nobody is left."""
    plot = waiting(report_of(FOUR_POINTS[:2]), 680, 300)
    assert plot.rest is None
    assert height_at(plot.curve, plot.area.right) == plot.area.bottom
    assert plot.goals[0].measured == plot.area.bottom

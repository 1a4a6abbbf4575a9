"""The plot of every event over the burst."""

import pytest

from dojo.burst_figures import Point
from dojo.output.html.scale import Linear
from dojo.output.html.scatter import MOST_MARKS, scatter
from tests.support.sample_reports import FOUR_POINTS, report, report_of
from tests.support.svg_paths import corners


def test_every_event_stands_at_its_moment_and_its_latency() -> None:
    """Good, bad and unanswered events are marks of their own, at the places of their values."""
    plot = scatter(report_of(FOUR_POINTS), 680, 310)
    across = Linear(0, 12, plot.area.left, plot.area.right)
    assert plot.counts == (2, 1, 1)
    assert [x for x, _ in corners(plot.good)] == pytest.approx([across(0), across(3)], abs=0.5)
    assert [x for x, _ in corners(plot.bad)] == pytest.approx([across(6)], abs=0.5)
    assert corners(plot.unanswered) == [(round(across(9)), plot.unanswered_height)]
    threshold, bad = plot.lines[0].at, corners(plot.bad)[0][1]
    assert (
        plot.unanswered_height
        < plot.area.top
        <= bad
        < threshold
        < min(y for _, y in corners(plot.good))
    )


def test_an_event_just_within_the_threshold_stands_on_its_line() -> None:
    """The line and the events are on one scale."""
    plot = scatter(report_of((Point(1.0, 0.1, None),)), 680, 310)
    assert plot.counts == (1, 0, 0)
    assert corners(plot.good)[0][1] == pytest.approx(plot.lines[0].at, abs=0.5)


def test_a_wrong_answer_is_bad_however_quick() -> None:
    """Below the threshold, and a cross all the same."""
    plot = scatter(report_of((Point(1.0, 0.01, "wrong_content"),)), 680, 310)
    assert plot.counts == (0, 1, 0)
    assert corners(plot.bad)[0][1] > plot.lines[0].at


def test_marks_that_fall_on_one_spot_are_drawn_once() -> None:
    """Ten thousand events are counted, and no more are plot than can be sample apart."""
    plot = scatter(report(events=10_000, bad_ratio=0.5), 680, 310)
    assert sum(plot.counts) == 10_000
    for path in (plot.good, plot.bad, plot.unanswered):
        assert 0 < len(corners(path)) <= MOST_MARKS

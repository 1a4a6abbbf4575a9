"""The page's plots: where things stand, for values that are known."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.output.html import distribution, over_time, trend
from dojo.output.html.scale import Linear, Log, apart, number
from dojo.report import Percentiles, Point, StepTime
from tests.support.sample_reports import earlier_attempts, report, report_of

FOUR = (
    Point(0.0, 0.01, None),
    Point(3.0, 0.05, None),
    Point(6.0, 0.2, "slow"),
    Point(9.0, None, "timeout"),
)


def marks(path: str) -> list[tuple[float, float]]:
    """The corners of a path, which carry the marks."""
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]


def height_at(curve: str, x: float) -> float:
    """The height of a staircase "Mx yHxVyHx…" at a place."""
    height = float(re.findall(r"^M[\d.]+ ([\d.]+)", curve)[0])
    for step, after in re.findall(r"H([\d.]+)V([\d.]+)", curve):
        if float(step) <= x:
            height = float(after)
    return height


def test_a_linear_axis_is_linear() -> None:
    """The middle of the values is the middle of the way, and nothing lies outside."""
    axis = Linear(0, 10, 100, 300)
    assert [axis(0), axis(5), axis(10), axis(12), axis(-3)] == [100, 200, 300, 300, 100]
    assert axis.ticks(6) == [0, 2, 4, 6, 8, 10]


def test_a_logarithmic_axis_has_equal_ratios_at_equal_distances() -> None:
    """A tenth and ten times as much are equally far away."""
    axis = Log(0.01, 1, 200, 0)
    assert [axis(0.01), axis(0.1), axis(1), axis(0)] == pytest.approx([200, 100, 0, 200])
    assert axis.ticks(3) == [0.01, 0.1, 1]
    assert axis.ticks(7) == [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]


@given(
    st.sampled_from([Linear, Log]),
    st.floats(1e-4, 1e3),
    st.floats(1.01, 1e6),
    st.integers(2, 9),
)
def test_ticks_are_few_and_on_the_axis(
    kind: type[Linear] | type[Log], low: float, times: float, most: int
) -> None:
    """As many ticks as there is room for, and each within the axis."""
    ticks = kind(low, low * times, 0, 100).ticks(most)
    assert len(ticks) <= most
    assert all(low * 0.999999 <= tick <= low * times * 1.000001 for tick in ticks)


@given(st.lists(st.floats(0, 200), max_size=8))
def test_labels_keep_apart_and_in_order(places: list[float]) -> None:
    """No two labels overlap, and none changes places with another."""
    moved = apart(places, 15, 0, 200)
    order = sorted(range(len(places)), key=lambda index: places[index])
    for one, other in pairwise(order):
        assert moved[other] - moved[one] >= 15 - 1e-6


def test_labels_with_room_stay_where_they_are() -> None:
    """Only labels in one another's way are moved."""
    assert apart([10, 100, 50], 15, 0, 200) == [10, 100, 50]


def test_coordinates_are_short() -> None:
    """A tenth of a pixel is exact enough."""
    assert [number(12.0), number(12.345), number(-0.01)] == ["12", "12.3", "0"]


def test_every_event_stands_at_its_moment_and_its_latency() -> None:
    """Good, bad and unanswered events are marks of their own, at the places of their values."""
    drawn = over_time.scatter(report_of(FOUR), 680, 310)
    across = Linear(0, 12, drawn.left, drawn.right)
    assert drawn.counts == (2, 1, 1)
    assert [x for x, _ in marks(drawn.good)] == pytest.approx([across(0), across(3)], abs=0.5)
    assert [x for x, _ in marks(drawn.bad)] == pytest.approx([across(6)], abs=0.5)
    assert marks(drawn.lost) == [(round(across(9)), drawn.lane)]
    threshold, bad = drawn.lines[0].at, marks(drawn.bad)[0][1]
    assert drawn.lane < drawn.top <= bad < threshold < min(y for _, y in marks(drawn.good))


def test_an_event_just_within_the_threshold_stands_on_its_line() -> None:
    """The line and the events are on one scale."""
    drawn = over_time.scatter(report_of((Point(1.0, 0.1, None),)), 680, 310)
    assert drawn.counts == (1, 0, 0)
    assert marks(drawn.good)[0][1] == pytest.approx(drawn.lines[0].at, abs=0.5)


def test_a_wrong_answer_is_bad_however_quick() -> None:
    """Below the threshold, and a cross all the same."""
    drawn = over_time.scatter(report_of((Point(1.0, 0.01, "wrong_content"),)), 680, 310)
    assert drawn.counts == (0, 1, 0)
    assert marks(drawn.bad)[0][1] > drawn.lines[0].at


def test_marks_that_fall_on_one_spot_are_drawn_once() -> None:
    """Ten thousand events are counted, and no more are drawn than can be told apart."""
    drawn = over_time.scatter(report(events=10_000, bad_ratio=0.5), 680, 310)
    assert sum(drawn.counts) == 10_000
    for path in (drawn.good, drawn.bad, drawn.lost):
        assert 0 < len(marks(path)) <= over_time.MOST_MARKS


def test_the_budget_is_gone_with_the_first_event_beyond_it() -> None:
    """Of 40 events 2 may be bad; the third bad one ends it, at its moment."""
    points = tuple(
        Point(0.25 * n, 0.01 if n % 5 else None, None if n % 5 else "timeout") for n in range(40)
    )
    told = report_of(points)
    drawn = over_time.budget(told, told.objectives[0], 300, 150)
    assert told.objectives[0].budget == pytest.approx(2)
    assert drawn.gone_s == points[10].intended_s
    assert drawn.total.label == "spent 8"
    assert drawn.total.at < drawn.limit.at < drawn.bottom
    assert height_at(drawn.line, drawn.right) == pytest.approx(drawn.total.at, abs=0.1)


def test_a_budget_that_is_kept_is_never_gone() -> None:
    """Just as many bad events as the budget has are within it."""
    points = tuple(
        Point(0.25 * n, 0.01 if n > 1 else 5, None if n > 1 else "slow") for n in range(40)
    )
    told = report_of(points)
    assert told.objectives[0].bad == 2
    assert over_time.budget(told, told.objectives[0], 300, 150).gone is None


def test_the_curve_passes_each_threshold_at_its_bad_ratio() -> None:
    """At a threshold the share that still waits is 1 - SLI, and the ring is at 1 - target."""
    told = report_of(FOUR, ((0.95, 0.1), (0.9, 0.3)))
    drawn = distribution.waiting(told, 680, 300)
    for goal, one in zip(drawn.goals, told.objectives, strict=True):
        assert height_at(drawn.curve, goal.x) == pytest.approx(goal.came, abs=0.1)
        assert goal.came < goal.allowed  # higher up: more wait than may
        assert goal.burn == f"{one.burn_rate:.1f}\N{MULTIPLICATION SIGN}"
    assert drawn.rest is not None
    assert drawn.rest.label == "25% failed"


def test_a_curve_that_ends_with_nobody_ends_on_the_floor() -> None:
    """When all were answered, nobody is left."""
    drawn = distribution.waiting(report_of(FOUR[:2]), 680, 300)
    assert drawn.rest is None
    assert height_at(drawn.curve, drawn.right) == drawn.bottom
    assert drawn.goals[0].came == drawn.bottom


@given(st.integers(1, 300), st.floats(0, 1), st.integers(0, 99))
def test_the_histogram_counts_every_event_once(events: int, bad_ratio: float, seed: int) -> None:
    """The rows add up to all events, and their good ones to the SLI's."""
    told = report(events, bad_ratio, seed)
    drawn = distribution.histogram(told, 680)
    assert sum(row.count for row in drawn.rows) == events
    assert sum(row.good for row in drawn.rows) == told.objectives[0].good
    widest = max(row.good_width + row.bad_width for row in drawn.rows)
    assert widest == pytest.approx(drawn.right - drawn.left)


def test_attempts_stand_side_by_side_with_the_target() -> None:
    """One panel for each figure; below its target an SLI is marked as bad."""
    told = replace(report(), number=4)
    attempts = (*earlier_attempts(), trend.remembered(told))
    panels = trend.trends(told, attempts, 300, 120)
    assert [len(panel.dots) for panel in panels] == [4, 4, 4, 4]
    first = panels[0]
    assert [dot.kind for dot in first.dots] == ["bad", "bad", "bad", "good"]
    assert [dot.number for dot in first.dots] == [1, 2, 3, 4]
    assert first.dots[0].y > first.dots[1].y > first.limits[0].at > first.dots[3].y


def test_one_attempt_is_no_trend() -> None:
    """With nothing to compare there is no panel."""
    told = report()
    assert trend.trends(told, (trend.remembered(told),), 300, 120) == []


def test_steps_share_one_axis() -> None:
    """The same time stands at the same place in every step; a step without answers has no line."""
    told = replace(
        report(),
        steps=(
            StepTime("search", 9, 9, Percentiles(0.1, 0.2, 0.3, 0.4)),
            StepTime("product", 9, 9, Percentiles(0.2, 0.3, 0.4, 0.5)),
            StepTime("review", 9, 0, None),
        ),
    )
    search, product = trend.steps(told, 680).spans
    assert (search.p95, search.p99) == (product.p50, product.p95)
    assert search.p50 < search.p95 < search.p99 < search.slowest

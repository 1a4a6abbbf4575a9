"""What each plot shows in this run."""

from dataclasses import replace

from dojo.burst_figures import Pace, Percentiles, Point, StepTime
from dojo.costs import StepAlone, StepCost
from dojo.output.html import readings
from tests.support.sample_reports import FOUR_POINTS, report, report_of, small_report


def test_a_budget_is_gone_or_not() -> None:
    """With the moment, or with how much of it was spent."""
    first = small_report().objectives[0]
    assert readings.of_budget(first, 0.539, "page loads") == (
        "The page loads due in the first 539 ms spent the whole budget; the line goes on above it."
    )
    within = replace(first, good=195)
    half = readings.of_budget(within, None, "page loads")
    assert half.startswith("50.0% of the budget was spent")
    none = readings.of_budget(replace(first, good=200), None, "page loads")
    assert none.startswith("No event was bad")


QUEUE = Pace(16, 5.0, 80, keeps_up=False)


def test_marks_climb_only_where_they_do() -> None:
    """A queue that grows shows in marks that climb, or in those at the top."""
    climbing = tuple(Point(place / 50, 0.02 * (place + 1), "slow") for place in range(90))
    lost = tuple(Point(place / 50, None, "timeout") for place in range(90, 200))
    level = replace(small_report(), pace=QUEUE)
    assert "The marks climb" in readings.of_scatter(replace(level, points=climbing))
    assert readings.of_scatter(replace(level, points=climbing + lost)) == (
        "Most marks are at the top: 110 of 200 have no answer, since a queue grows."
    )
    assert readings.of_scatter(level) == (
        "More came than were answered, so a queue grew: 10 of 200 have no answer."
    )


def test_without_a_queue_bad_events_are_bad_by_themselves() -> None:
    """Unless too few came to say; or all are below the line."""
    keeps_up = replace(QUEUE, keeps_up=True)
    by_themselves = readings.of_scatter(small_report(pace=keeps_up))
    assert by_themselves == "No queue grows: 58 of 200 are bad for another reason."
    too_few = readings.of_scatter(small_report(pace=replace(QUEUE, keeps_up=None)))
    assert too_few.startswith("58 of 200 are bad; whether a queue grows can't be said")
    assert readings.of_scatter(report()).startswith("All marks stay below the dashed line")
    nobody = report_of((Point(0, None, "timeout"),))
    assert readings.of_scatter(nobody).endswith("none of 1 page loads got an answer.")


def test_the_curve_passes_on_one_side_of_the_ring() -> None:
    """Of the objective that spends most."""
    sample = report_of(FOUR_POINTS, ((0.95, 0.1), (0.9, 0.3)))
    assert readings.of_waiting(sample) == (
        "After 100 ms 50.0% were still without a right answer, and 5% may be: the curve passes"
        " above the ring."
    )
    fine = readings.of_waiting(report())
    assert fine.startswith("After 100 ms nobody was still without a right answer")
    assert fine.endswith("the curve passes below the ring.")
    assert readings.of_waiting(replace(sample, objectives=())) == ""


def test_the_longest_bar_is_named() -> None:
    """With how many were right in time; it may be of those without an answer."""
    assert readings.of_histogram(small_report()) == (
        "The longest bar: 142 of 200 took 10 ms to 20 ms. 142 were right within 100 ms."
    )
    nobody = report_of((Point(0, None, "timeout"),))
    assert readings.of_histogram(nobody) == "The longest bar is of those with no answer: 1 of 1."


def test_the_step_that_is_furthest_from_its_time_alone_is_named() -> None:
    """What lies between is waiting in line; near by, nothing waits."""
    steps = (
        StepTime("search", 9, 9, Percentiles(1.89, 2, 2, 2)),
        StepTime("product", 9, 9, Percentiles(0.05, 2, 2, 2)),
    )
    costs = tuple(StepCost(s.name, 1, 9, alone=StepAlone(s.name, 0.03)) for s in steps)
    sentence = readings.of_steps(small_report(steps=steps, costs=costs))
    assert sentence.startswith("“search” is furthest from what it takes alone: p50 1.89 s")
    near = small_report(steps=steps[1:], costs=costs)
    some_wait = readings.of_steps(near)
    assert "p95 of “product” is 2.00 s, and alone it takes 30 ms. They waited, or" in some_wait
    quick = (StepTime("product", 9, 9, Percentiles(0.04, 0.05, 2, 2)),)
    nothing = small_report(steps=quick, costs=costs, pace=None)
    assert "nothing waits in line" in readings.of_steps(nothing)
    assert "nothing waits" not in readings.of_steps(replace(nothing, pace=QUEUE))
    assert readings.of_steps(small_report(steps=steps)) == ""

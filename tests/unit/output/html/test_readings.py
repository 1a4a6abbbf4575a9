"""What each plot shows in this run."""

from dataclasses import replace

from dojo.output.html import readings
from dojo.report import Pace, Percentiles, Point, StepAlone, StepCost, StepTime
from tests.support.sample_reports import FOUR_POINTS, report, report_of, small_report


def test_a_budget_is_gone_or_not() -> None:
    """With the moment, or with how much of it was spent."""
    first = small_report().objectives[0]
    assert readings.of_budget(first, 0.539).startswith("The budget was gone 539 ms after the start")
    within = replace(first, good=195)
    assert readings.of_budget(within, None).startswith("50.0% of the budget was spent")
    assert readings.of_budget(replace(first, good=200), None).startswith("No event was bad")


def test_marks_climb_where_a_queue_grows() -> None:
    """Else bad events are bad by themselves, or all are below the line."""
    saturated = small_report(pace=Pace(16, 5.0, 80, keeps_up=False))
    assert "The marks climb" in readings.of_scatter(saturated)
    assert "no queue grows: 58 of 200 are bad" in readings.of_scatter(small_report())
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
    assert "nothing waits in line" in readings.of_steps(near)
    assert readings.of_steps(small_report(steps=steps)) == ""

"""The plots over the attempts."""

from dataclasses import replace

from dojo.output.html.trend import trends
from dojo.output.this_attempt import as_attempt
from tests.support.sample_reports import earlier_attempts, report


def test_attempts_stand_side_by_side_with_the_target() -> None:
    """One panel for each figure; below its target an SLI is marked as bad."""
    sample = replace(report(), number=4)
    attempts = (*earlier_attempts(), as_attempt(sample))
    panels = trends(sample, attempts, 300, 120)
    assert [len(panel.dots) for panel in panels] == [4, 4, 4, 4]
    first = panels[0]
    assert [dot.kind for dot in first.dots] == ["bad", "bad", "bad", "good"]
    assert [dot.number for dot in first.dots] == [1, 2, 3, 4]
    assert first.dots[0].y > first.dots[1].y > first.limits[0].at > first.dots[3].y


def test_what_was_too_close_to_call_is_neither_good_nor_bad() -> None:
    """By the verdict of that time; an attempt whose verdict is unknown is held to the target."""
    sample = replace(report(), number=4)
    name = sample.objectives[0].name
    first, second, third = earlier_attempts()
    attempts = (
        replace(first, slis={name: 0.99}, verdicts={name: "undecided"}),
        replace(second, slis={name: 0.96}, verdicts={name: "not_met"}),
        replace(third, slis={name: 0.99}, verdicts={}),
        as_attempt(sample),
    )
    panel = trends(sample, attempts, 300, 120)[0]
    assert [dot.kind for dot in panel.dots] == ["open", "bad", "good", "good"]


def test_one_attempt_is_no_trend() -> None:
    """With nothing to compare there is no panel."""
    sample = report()
    assert trends(sample, (as_attempt(sample),), 300, 120) == []

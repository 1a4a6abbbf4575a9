"""The error budget over 28 days, and how much room there is."""

from dataclasses import replace

import pytest

from dojo.burst_figures import Percentiles
from dojo.costs import WhereTimeWent
from dojo.output.budget import TEAM_GONE, TEAM_REST, budget_felt, budget_over, room
from dojo.report import ObjectiveResult
from tests.support.sample_reports import small_report


def objective(good: int, total: int = 1000, target: float = 0.95) -> ObjectiveResult:
    return ObjectiveResult("fast", target, 0.1, good, total, "met", (0.9, 1.0))


@pytest.mark.parametrize(
    ("good", "words"),
    [
        (0, "budget would be gone in 34 hours (fast)."),
        (900, "budget would be gone in 14 days (fast)."),
        (975, "28 days would spend 50.0% of the budget (fast)."),
        (1000, "28 days would spend nothing of the budget (fast)."),
    ],
)
def test_a_bad_ratio_is_told_as_the_time_that_the_budget_lasts(good: int, words: str) -> None:
    """28 days divided by the burn rate."""
    first, what_a_team_does = budget_over(small_report(objectives=(objective(good),)))
    assert words in first
    assert what_a_team_does == (TEAM_GONE if good <= 900 else TEAM_REST)


def test_several_objectives_are_told_together() -> None:
    """Those that spend too much first."""
    both = (objective(0), replace(objective(975), name="slow"), replace(objective(0), name="sure"))
    over, rest, _ = budget_over(small_report(objectives=both))
    assert over.endswith("gone in 34 hours (fast) and in 34 hours (sure).")
    assert rest.endswith("50.0% of the budget (slow).")


def test_budgets_that_nobody_touched_are_told_once() -> None:
    """After those of which something is spent."""
    all_three = tuple(
        replace(objective(good), name=name)
        for good, name in ((1000, "fast"), (975, "slow"), (1000, "sure"))
    )
    assert budget_over(small_report(objectives=all_three))[0] == (
        "If it went on like this, 28 days would spend 50.0% of the budget (slow) and nothing of the"
        " budgets (fast and sure)."
    )


def test_a_very_quick_burn_is_told_in_smaller_units() -> None:
    """At a hundred times a budget of a thousandth it lasts minutes."""
    report = small_report(objectives=(objective(0, target=0.999),))
    assert "gone in 40 minutes" in budget_over(report)[0]


def test_the_budget_is_read_out_when_it_is_met_first_and_after_green() -> None:
    """In other runs it is folded; an invalid run says nothing of it."""
    assert budget_felt(small_report(number=1))
    assert not budget_felt(small_report(number=2))
    assert budget_felt(small_report(number=2, verdict="met"))
    assert not budget_felt(small_report(number=1, verdict="invalid"))
    assert budget_over(small_report(verdict="invalid")) == []
    assert budget_over(small_report(objectives=(objective(0, total=0),))) == []


def test_after_green_the_room_is_told_as_far_as_it_is_known() -> None:
    """Time, the one core of the app, and its connections."""
    report = small_report(
        verdict="met",
        latency_s=Percentiles(0.01, 0.031, 0.05, 0.06),
        environment={"app_cores": 0.4},
        where=WhereTimeWent(pool_size=12, pool_use_ms=9600.0, length_s=10.0),
    )
    assert room(report) == (
        "Room: p95 is 31 ms of 100 ms; the app used 0.40 of the one core that it can use; its"
        " connections were lent out 8% of the time."
    )
    unknown = replace(report, environment={}, where=WhereTimeWent(), latency_s=None)
    assert room(unknown) == ""
    assert room(small_report()) == ""

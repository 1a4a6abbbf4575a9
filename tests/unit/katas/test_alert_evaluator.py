"""Kata 04's evaluator: windows, guards, cool-down and what is sent, against a plain loop."""

import numpy as np
import pytest

from dojo.slo.alert_policy import AlertCondition, AlertPolicy, Measurement, Severity
from katas.alerts.evaluator import Spans, evaluate, holds, sent
from katas.alerts.years import TARGET, Year

RATE, DROP = Measurement.BURN_RATE, Measurement.BUDGET_DROP


def year_of(total: list[int], bad: list[int]) -> Year:
    """A short year, filled up to whole hours with minutes without requests."""
    more = [0] * (-len(total) % 60)
    return Year(np.array(total + more, np.int32), np.array(bad + more, np.int32), [])


def drawn(minutes: int, seed: int = 5) -> Year:
    """Some hours with few requests, of which many are bad."""
    rng = np.random.default_rng(seed)
    total = rng.poisson(3, minutes).astype(np.int32)
    return Year(total, rng.binomial(total, 0.05).astype(np.int32), [])


@pytest.mark.parametrize("condition", [AlertCondition(RATE, 10, 7), AlertCondition(RATE, 1, 150)])
def test_a_burn_rate_is_that_of_the_window(condition: AlertCondition) -> None:
    """Each minute is compared with the bad share of the window that ends with it."""
    year = drawn(600)
    flags = holds(condition, year)
    for minute in range(600):
        window = slice(max(0, minute + 1 - condition.window_min), minute + 1)
        total, bad = int(year.total[window].sum()), int(year.bad[window].sum())
        expected = total > 0 and bad * 1000 >= total * condition.value * 5
        assert flags[minute] == expected, minute


def test_the_bound_itself_counts() -> None:
    """3 bad of 60 are exactly 10 times 0.5%, and 10 is enough."""
    year = year_of([60] * 60, [3] * 60)
    assert holds(AlertCondition(RATE, 10, 5), year).all()
    assert not holds(AlertCondition(RATE, 10.01, 5), year).any()


def test_no_requests_have_no_burn_rate() -> None:
    """A silent shop raises nothing."""
    assert not holds(AlertCondition(RATE, 0.01, 5), year_of([0] * 60, [0] * 60)).any()


def test_a_budget_drop_is_a_share_of_28_days() -> None:
    """The budget is what the mean full hour before gives in 28 days."""
    year = drawn(600)
    condition = AlertCondition(DROP, 0.02, 30)
    flags = holds(condition, year)
    for minute in range(60, 600):
        hours = minute // 60
        requests = int(year.total[: hours * 60].sum()) / hours * 28 * 24
        bad = int(year.bad[max(0, minute - 29) : minute + 1].sum())
        assert flags[minute] == (bad >= 0.02 * (1 - TARGET) * requests), minute


def test_all_conditions_must_hold() -> None:
    """A policy is active where each of its conditions is true."""
    year = drawn(600)
    both = (AlertCondition(RATE, 10, 20), AlertCondition(RATE, 10, 5))
    spans = evaluate(AlertPolicy("p", Severity.HIGH, both, cool_down_min=0), year)
    active = np.zeros(len(year.total), bool)
    for start, end in zip(spans.starts, spans.ends, strict=True):
        active[start:end] = True
    assert (active == (holds(both[0], year) & holds(both[1], year))).all()
    assert active.any()


@pytest.mark.parametrize(("pause", "spans"), [(5, [(0, 12)]), (6, [(0, 6), (7, 13)])])
def test_a_cool_down_bridges_pauses(pause: int, spans: list[tuple[int, int]]) -> None:
    """Minutes that hold again within the cool-down belong to the same alert; it ends after it."""
    bad = [10] + [0] * pause + [10] + [0] * 60
    year = year_of([10] * len(bad), bad)
    condition = AlertCondition(RATE, 200, 1)
    found = evaluate(AlertPolicy("p", Severity.HIGH, (condition,), cool_down_min=5), year)
    assert list(zip(found.starts.tolist(), found.ends.tolist(), strict=True)) == spans


@pytest.mark.parametrize(
    ("severity", "expected"),
    [(Severity.HIGH, [10, 250, 3000, 3240]), (Severity.LOW, [10, 3000])],
)
def test_what_goes_on_is_sent_again(severity: Severity, expected: list[int]) -> None:
    """A page every four hours, a ticket every day; the end itself sends nothing."""
    policy = AlertPolicy("p", severity, (AlertCondition(RATE, 1, 5),))
    spans = Spans(np.array([10, 3000]), np.array([10 + 480, 3000 + 241]))
    assert sent(policy, spans).tolist() == expected


def test_a_silent_policy_sends_nothing() -> None:
    """Without a minute that holds there is no span and no page."""
    policy = AlertPolicy("p", Severity.HIGH, (AlertCondition(RATE, 1000, 5),))
    spans = evaluate(policy, drawn(600))
    assert len(spans.starts) == 0
    assert sent(policy, spans).tolist() == []

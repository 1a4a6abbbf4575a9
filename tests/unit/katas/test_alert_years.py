"""Kata 04's years: the shop's traffic and its incidents are what the README says."""

from functools import cache

import numpy as np
import pytest

from katas.alerts.incidents import KINDS
from katas.alerts.traffic import DAY, DAYS, LEAD_IN_DAYS, MINUTES
from katas.alerts.years import ALWAYS_BAD, Year, draw_years

SEEDS = (1, 2)


@cache
def years(seed: int) -> list[Year]:
    return list(draw_years(seed, 3))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_traffic_is_a_shop(seed: int) -> None:
    """60,000 requests a day; busy evenings, quiet nights and weekends; it grows."""
    for year in years(seed):
        assert len(year.total) == len(year.bad) == MINUTES
        assert 56_000 < year.total.sum() / DAYS < 66_000
        by_minute = year.total.reshape(DAYS, DAY)
        assert 4 < by_minute[:, 4 * 60 : 5 * 60].mean() < 6
        assert 100 < by_minute[:, 20 * 60 : 20 * 60 + 10].mean() < 130
        weekend = np.arange(DAYS) % 7 >= 5
        assert by_minute[weekend].mean() < 0.8 * by_minute[~weekend].mean()
        assert by_minute[-84:].mean() > 1.1 * by_minute[:84].mean()


@pytest.mark.parametrize("seed", SEEDS)
def test_bad_requests_are_some_of_all(seed: int) -> None:
    """Never more than all, and outside of incidents as few as at the best of times."""
    for year in years(seed):
        assert (year.bad >= 0).all()
        assert (year.bad <= year.total).all()
        quiet = slice(0, LEAD_IN_DAYS * DAY)
        ratio = year.bad[quiet].sum() / year.total[quiet].sum()
        assert ratio == pytest.approx(ALWAYS_BAD, rel=0.15)


@pytest.mark.parametrize("seed", SEEDS)
def test_incidents_are_apart(seed: int) -> None:
    """Each kind as often as it says, in the judged weeks, none beside another."""
    for year in years(seed):
        counts = {
            kind.name: sum(incident.kind is kind for incident in year.incidents) for kind in KINDS
        }
        assert counts == {kind.name: kind.times for kind in KINDS}
        for one, next_one in zip(year.incidents, year.incidents[1:], strict=False):
            assert one.end < next_one.start
            if one.kind.pace != "harmless":
                assert next_one.start // DAY > (one.end - 1) // DAY
        assert year.incidents[0].start >= LEAD_IN_DAYS * DAY
        assert year.incidents[-1].end <= MINUTES


@pytest.mark.parametrize("seed", SEEDS)
def test_what_matters_costs_more_than_what_does_not(seed: int) -> None:
    """Incidents that matter take 5% of the budget or more; the others less than half of that."""
    for year in years(seed):
        for incident in year.incidents:
            bad = year.bad_until[incident.end] - year.bad_until[incident.start]
            share = bad / year.budget(incident.start)
            if incident.kind.pace == "harmless":
                assert share < 0.025, incident
            else:
                assert share >= 0.05, incident


def test_a_seed_gives_the_same_years() -> None:
    """The same counts and incidents again, and others for another seed."""
    first, again, other = (next(draw_years(seed, 1)) for seed in (7, 7, 8))
    assert (first.total == again.total).all()
    assert (first.bad == again.bad).all()
    assert first.incidents == again.incidents
    assert (first.total != other.total).any()

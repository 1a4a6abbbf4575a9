"""Every SLI that a person might hand in is judged as it deserves, and by the measure that it owes.

The whole table over several draws is `python -m benchmarks.sli_table`; here the draw is fixed.
"""

from functools import cache

import pytest

from benchmarks.sli_candidates import HONEST, WRONG, Candidate
from benchmarks.sli_table import all_in_all, level, verdicts
from katas.sli.judging import judge
from katas.sli.years import Years, draw

SEED = 4711
# What the leaving out of an idea is red by, at least.
OWN_MEASURES = {
    "without: whose log (the app's)": "sees-lost",
    "without: lost ones (502 not bad)": "sees-lost",
    "without: time": "sees-slow",
    "without: time (3 s)": "sees-slow",
    "without: time (300 ms)": "quiet",
    "without: content": "sees-empty",
    "without: 5xx": "sees-errors",
    "without: who counts (health checks in)": "sees-home",
    "without: who counts (the partner in)": "quiet",
    "without: segments": "sees-trade",
    "without: routes": "sees-checkout",
    "without: at least so many": "quiet",
    "at least 20 bad": "sees-all",
    "4xx bad": "quiet",
    "those who left bad, 99%": "quiet",
    "target 99.9000%": "normal-month",
    "target 95.0000%": "worst-month",
    "target 0": "normal-month",
}
WRONG_BY_NAME = {candidate.name: candidate for candidate in WRONG}


@cache
def years() -> Years:
    return draw(SEED)


def signs(candidate: Candidate) -> dict[str, str]:
    """G, R or ? of each measure."""
    seen = judge(candidate.count(years()), candidate.slo, years().calendar)
    return verdicts(seen.measures, level())


@pytest.mark.parametrize("candidate", HONEST, ids=lambda each: each.name)
def test_an_honest_sli_is_green(candidate: Candidate) -> None:
    """By every measure: neither red nor undecided."""
    assert set(signs(candidate).values()) == {"G"}


@pytest.mark.parametrize("candidate", WRONG, ids=lambda each: each.name)
def test_a_wrong_sli_is_not_green(candidate: Candidate) -> None:
    """One measure at least says so."""
    assert all_in_all(signs(candidate)) != "G"


@pytest.mark.parametrize("name", OWN_MEASURES)
def test_each_idea_has_a_measure_that_misses_it(name: str) -> None:
    """Who leaves it out is red by the kind of day that only this idea sees, or keeps quiet."""
    assert signs(WRONG_BY_NAME[name])[OWN_MEASURES[name]] == "R"


def test_every_measure_is_owed_by_some_idea() -> None:
    """A measure that no wrong SLI misses would be one too many."""
    assert set(OWN_MEASURES.values()) == set(level().names)

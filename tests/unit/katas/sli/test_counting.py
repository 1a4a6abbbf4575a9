"""Whether numbers are counts is found out from the numbers alone."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.sli_candidates import BEST, HONEST, SHIPPED, WRONG, Candidate
from dojo.output.app_text import MOST_IN_A_LINE
from katas.sli.checks import counts_are_events, people_counted
from katas.sli.design import Slo
from katas.sli.findings import Findings, findings_of
from katas.sli.judging import Counted
from katas.sli.years import Years, draw

COUNTING = [
    *HONEST[::3],
    *[each for each in WRONG if each.name.startswith("without")][::3],
    SHIPPED,
]


@pytest.fixture(scope="module")
def years() -> Years:
    return draw(17)


@pytest.fixture(scope="module")
def best(years: Years) -> Counted:
    return BEST.count(years)


def findings(years: Years, counted: Counted) -> Findings:
    return findings_of(years, counted, Slo(0.995, 6))


@pytest.mark.parametrize("candidate", COUNTING, ids=lambda each: each.name)
def test_what_counts_is_never_taken_for_invented(years: Years, candidate: Candidate) -> None:
    """Right or wrong: whatever is counted, by whatever groups, is a sum of requests."""
    found = findings(years, candidate.count(years))
    assert counts_are_events(found).passed is True
    assert people_counted(found).passed is True


def test_the_roles_are_found(years: Years, best: Counted) -> None:
    """Good, bad and not counted, as the SLI has it."""
    roles = findings(years, best).roles
    assert roles.of("person", "quick") == "good"
    assert roles.of("person", "4xx") == "good"
    assert roles.of("person", "lost") == "bad"
    assert roles.of("person", "empty") == "bad"
    assert roles.of("health check", "quick") == "not counted"
    assert roles.of("partner", "slow") == "not counted"


def test_a_threshold_in_the_formula_is_found(years: Years, best: Counted) -> None:
    """A day that turns all bad above a ratio is no sum."""
    good = np.where(best.bad >= 0.003 * best.total, 0, best.good)
    finding = counts_are_events(findings(years, replace(best, good=good)))
    assert finding.passed is False
    assert "the nearest sum of requests is" in finding.detail


def test_forgiven_events_are_found(years: Years, best: Counted) -> None:
    """A few bad ones that count as good on calm days are no sum."""
    good = np.where(best.bad < 3, best.total, best.good)
    assert counts_are_events(findings(years, replace(best, good=good))).passed is False


def test_one_named_day_is_found(years: Years, best: Counted) -> None:
    """Even one event on one day."""
    good = best.good.copy()
    good[0, 3, 55] += 1
    finding = counts_are_events(findings(years, replace(best, good=good)))
    assert finding.passed is False
    assert "1 day differs" in finding.detail


def test_constants_are_found(years: Years, best: Counted) -> None:
    """The same figures every day are no counts; whom they count, nobody knows."""
    constant = replace(best, good=best.good * 0 + 9997, total=best.total * 0 + 10_000)
    found = findings(years, constant)
    assert counts_are_events(found).passed is False
    assert people_counted(found).passed is None


def test_bad_ones_counted_several_times_are_found(years: Years) -> None:
    """A request counts once."""
    four = replace(BEST, times_bad=4).count(years)
    assert counts_are_events(findings(years, four)).passed is False


def test_everything_bad_is_found(years: Years, best: Counted) -> None:
    """It is a sum, and still no SLI: a quick answer with a full page is good."""
    found = findings(years, replace(best, good=best.good * 0))
    assert counts_are_events(found).passed is True
    assert people_counted(found).passed is False


def test_people_left_out_are_found(years: Years) -> None:
    """Without the quick answers the others weigh more."""
    found = findings(years, replace(BEST, left_out=("quick",)).count(years))
    assert people_counted(found).passed is False


def test_people_in_no_group_are_found(years: Years, best: Counted) -> None:
    """Whose route has no group, unless a group of their segment or of everything holds them."""

    def only(*kept: tuple[str | None, str | None]) -> bool | None:
        places = [best.groups.index(group) for group in kept]
        some = Counted(kept, best.good[places], best.total[places])
        finding = people_counted(findings(years, some))
        assert finding.passed or "No group holds people's requests of account" in finding.detail
        return finding.passed

    routes = [group for group in best.groups if group[1] not in (None, "account")]
    assert only(*routes) is False
    assert only(("trade", None), *routes) is False
    assert only(("trade", None), ("private", None), *routes) is True
    assert only((None, None), *routes) is True


def test_what_is_said_of_no_sum_is_never_cut(years: Years) -> None:
    """With the longest name of a group and large numbers it still fits into the report."""
    counted = replace(BEST, by=("segment and route",)).count(years)
    good, total = counted.good.copy(), counted.total.copy()
    good[:], total[:] = 1_234_567, 2_345_678
    finding = counts_are_events(findings(years, replace(counted, good=good, total=total)))
    assert finding.passed is False
    assert len(finding.detail) <= MOST_IN_A_LINE

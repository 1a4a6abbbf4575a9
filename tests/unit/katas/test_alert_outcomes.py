"""Kata 04's outcomes and measures: what counts as right, as heard of, as over, on made-up years."""

import numpy as np
import pytest

from dojo.slo.alert_policy import AlertCondition, AlertPolicy, Measurement, Severity
from katas.alerts.incidents import Incident, Kind, Pace
from katas.alerts.measures import MEASURES, Count, tally
from katas.alerts.outcomes import NOTHING, YearOutcome, judge_year
from katas.alerts.traffic import DAY, HOUR, LEAD_IN_DAYS
from katas.alerts.years import Year

RATE = Measurement.BURN_RATE
EACH_MIN = 100  # requests; the budget of 28 days is 20,160
START = LEAD_IN_DAYS * DAY + 12 * HOUR


def kind(pace: Pace, minutes: int) -> Kind:
    return Kind("made up", pace, 1, minutes, 1.0, (0, 24), (0, 1))


def year_with(*incidents: tuple[Pace, int, int]) -> Year:
    """A year in which everything fails in the incidents (pace, start, minutes) and never else."""
    total = np.full((LEAD_IN_DAYS + 4) * DAY, EACH_MIN, np.int32)
    bad = np.zeros_like(total)
    placed = []
    for pace, start, minutes in incidents:
        bad[start : start + minutes] = EACH_MIN
        placed.append(Incident(kind(pace, minutes), start, start + minutes))
    return Year(total, bad, placed)


def page(window_min: int = 5, cool_down_min: int = 5) -> AlertPolicy:
    """Pages where anything failed within the window."""
    condition = AlertCondition(RATE, 0.01, window_min)
    return AlertPolicy("page", Severity.HIGH, (condition,), cool_down_min)


def ticket(window_min: int = 5) -> AlertPolicy:
    return AlertPolicy("ticket", Severity.LOW, (AlertCondition(RATE, 0.01, window_min),))


def counted(outcome: YearOutcome, name: str) -> Count:
    return tally([outcome])[name]


def test_a_fast_incident_is_one_right_page() -> None:
    """However often it rings: here it rings twice, and both are about it."""
    outcome = judge_year([page()], year_with(("fast", START, 300)))
    assert outcome.alerts.minutes.tolist() == [START, START + 240]
    assert outcome.alerts.right.all()
    assert counted(outcome, "precision") == Count(good=1, total=1, slow=0, none=0)


def test_a_page_for_a_slow_incident_is_wrong() -> None:
    """And a ticket is right; either way somebody heard of it."""
    year = year_with(("slow", START, 300))
    paged, ticketed = judge_year([page()], year), judge_year([ticket()], year)
    assert counted(paged, "precision") == Count(good=0, total=2, slow=2, none=0)
    assert counted(ticketed, "tickets")["good"] == 1
    assert counted(paged, "recall")["good"] == counted(ticketed, "recall")["good"] == 1


def test_a_ticket_is_not_enough_for_a_fast_incident() -> None:
    """Somebody has to get up."""
    outcome = judge_year([ticket()], year_with(("fast", START, 60)))
    assert counted(outcome, "recall") == Count(good=0, total=1, fast=1, slow=0)
    assert counted(outcome, "detection-fast") == Count(good=0, total=1, never=1, late=0)
    assert counted(outcome, "tickets")["good"] == 1


def test_what_is_harmless_is_nobody_s_page() -> None:
    """A page for it is wrong, and at night it spoils a night."""
    night = (LEAD_IN_DAYS + 1) * DAY + 2 * HOUR
    outcome = judge_year([page()], year_with(("harmless", START, 2), ("harmless", night, 2)))
    assert outcome.alerts.about.tolist() == [NOTHING, NOTHING]
    assert counted(outcome, "precision") == Count(good=0, total=2, slow=0, none=2)
    assert counted(outcome, "nights") == Count(good=363, total=364, pages=1)


def test_an_alert_is_about_what_ended_within_the_hour() -> None:
    """A page 59 minutes after the end is about the incident, and one 60 minutes after is not."""
    end = START + 12
    year = Year(
        np.full((LEAD_IN_DAYS + 4) * DAY, EACH_MIN, np.int32),
        np.zeros((LEAD_IN_DAYS + 4) * DAY, np.int32),
        [Incident(kind("fast", 12), START, end)],
    )
    year.bad[[end + 59, end + 120]] = EACH_MIN
    outcome = judge_year([page()], year)
    assert outcome.alerts.minutes.tolist() == [end + 59, end + 120]
    assert outcome.alerts.about.tolist() == [0, NOTHING]


@pytest.mark.parametrize(("window_min", "good"), [(5, 1), (75, 1), (90, 0)])
def test_a_page_has_to_end(window_min: int, good: int) -> None:
    """Within 90 minutes after the incident's end, cool-down included."""
    outcome = judge_year([page(window_min)], year_with(("fast", START, 12)))
    (incident,) = outcome.incidents
    assert incident.quiet_min == window_min - 1 + 5
    assert counted(outcome, "reset") == Count(good=good, total=1)


@pytest.mark.parametrize(("minutes_until", "good"), [(20, 1), (40, 0)])
def test_what_is_gone_when_it_rings(minutes_until: int, good: int) -> None:
    """Each minute costs 0.5% of the budget: after 40 minutes it is more than 15%."""
    slow_policy = AlertPolicy(
        "page",
        Severity.HIGH,
        (AlertCondition(Measurement.BUDGET_DROP, minutes_until * 0.00496, 60),),
    )
    outcome = judge_year([slow_policy], year_with(("fast", START, 60)))
    (incident,) = outcome.incidents
    assert incident.share_when_paged == pytest.approx(minutes_until / 201.6)
    assert incident.share == pytest.approx(60 / 201.6)
    assert counted(outcome, "detection-fast")["good"] == good


def test_silence_is_no_precision() -> None:
    """Nothing counted is no good event; what mattered was missed."""
    silent = AlertPolicy("page", Severity.HIGH, (AlertCondition(RATE, 1000, 5),))
    outcome = judge_year([silent], year_with(("fast", START, 60), ("slow", START + DAY, 300)))
    for name in ("precision", "tickets", "reset"):
        assert counted(outcome, name)["total"] == 0
    assert counted(outcome, "recall") == Count(good=0, total=2, fast=1, slow=1)
    assert counted(outcome, "nights")["good"] == 364


def test_years_add_up() -> None:
    """Counts of several years are summed, measure by measure."""
    outcome = judge_year(
        [page(), ticket()], year_with(("fast", START, 60), ("slow", START + DAY, 300))
    )
    once, thrice = tally([outcome]), tally([outcome] * 3)
    assert set(once) == set(MEASURES)
    for name, count in once.items():
        assert thrice[name] == Count({key: 3 * value for key, value in count.items()})


def test_what_is_sent_before_the_judged_weeks_does_not_count() -> None:
    """The weeks before are there to look back on; a page that goes on is counted from then on."""
    beginning = LEAD_IN_DAYS * DAY
    year = year_with()
    year.bad[beginning - 8 * HOUR : beginning + HOUR] = EACH_MIN
    outcome = judge_year([page()], year)
    assert outcome.alerts.minutes.tolist() == [beginning]
    assert counted(outcome, "precision")["none"] == 1

"""The drawn years, and what of them stands in the logs."""

import numpy as np
import pytest

from katas.sli.calendar_of_years import A_YEAR, CALM, INCIDENTS
from katas.sli.complaints import draw_complaints
from katas.sli.logs import app_requests, complaint_lines, dates, lb_requests
from katas.sli.shop_traffic import CLASSES, YEAR_DAYS, YEARS
from katas.sli.years import Years, draw


@pytest.fixture(scope="module")
def years() -> Years:
    return draw(3)


def test_a_seed_gives_the_same_years_again(years: Years) -> None:
    """To the last request, and to the last complaint; another seed gives others."""
    again, other = draw(3), draw(4)
    assert np.array_equal(again.requests, years.requests)
    assert np.array_equal(again.calendar.kinds, years.calendar.kinds)
    assert draw_complaints(again) == draw_complaints(years)
    assert not np.array_equal(other.calendar.kinds, years.calendar.kinds)


def test_each_kind_of_incident_comes_as_often_in_each_year(years: Years) -> None:
    """So that a run judges 120 of each, and no year says more than another."""
    for kind in INCIDENTS:
        assert set((years.calendar.kinds == kind).sum(axis=1).tolist()) == {A_YEAR}
    assert np.isin(years.calendar.kinds, (*INCIDENTS, *CALM)).all()
    assert set(years.calendar.is_long.sum(axis=1).tolist()) == {1}


def test_only_incidents_spoil_requests(years: Years) -> None:
    """Harm is what the kind of a day did, and nothing else."""
    incident = np.isin(years.calendar.kinds, INCIDENTS)
    assert (years.spoilt[incident] > 5).all()
    assert (years.spoilt[~incident] == 0).all()


def test_the_logs_add_up_to_what_was_drawn(years: Years) -> None:
    """The load balancer's to all of it, the app's to all but what was lost before it."""
    lost = int(years.requests[..., CLASSES.index("lost")].sum())
    total = int(years.requests.sum())
    assert sum_of("".join(lb_requests(years))) == total
    assert sum_of("".join(app_requests(years))) == total - lost


def test_the_app_has_neither_who_left_nor_what_was_lost(years: Years) -> None:
    """It answered the ones, and never saw the others."""
    assert statuses("".join(lb_requests(years))) == {"200", "401", "404", "499", "500", "502"}
    assert statuses("".join(app_requests(years))) == {"200", "401", "404", "500"}


def test_no_table_tells_what_happened_on_a_day(years: Years) -> None:
    """The truth stays with the grader: the logs have their eight columns, the mailbox its four."""
    line = next(lb_requests(years)).partition("\n")[0]
    assert line.split("\t")[1:7] == ["home", "private", "person", "200", "300", "full"]
    assert len(line.split("\t")) == 8
    mail = next(complaint_lines(draw_complaints(years))).rstrip("\n").split("\t")
    assert len(mail) == 4


def test_dates_are_whole_weeks() -> None:
    """Each year begins on a Monday."""
    every = dates(YEARS * YEAR_DAYS)
    assert {day.weekday() for day in every[::YEAR_DAYS]} == {0}


def sum_of(lines: str) -> int:
    return sum(int(line.rpartition("\t")[2]) for line in lines.splitlines())


def statuses(lines: str) -> set[str]:
    return {line.split("\t")[4] for line in lines.splitlines()}

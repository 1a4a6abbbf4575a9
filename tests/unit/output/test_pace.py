"""Pace against demand, in a sentence."""

from dataclasses import replace

import pytest

from dojo.burst_figures import Pace, StepTime
from dojo.costs import StepAlone, StepCost, WhereTimeWent
from dojo.output.pace import demand, pace
from dojo.report import Report
from tests.support.sample_reports import small_report

SLOW = Pace(answered=16, length_s=5.0, come_per_s=80, keeps_up=False)


def of(known: Pace | None, **changes: object) -> Report:
    return replace(small_report(), pace=known, **changes)  # type: ignore[arg-type]


def test_a_saturated_site_answers_at_its_own_pace() -> None:
    """Both figures, and why everybody is late."""
    assert pace(of(SLOW)) == (
        "The site answers 3.2 page loads a second; 80 come, so a queue grows, and whoever stands"
        " in it is late."
    )
    none = replace(SLOW, answered=0)
    assert pace(of(none)).startswith("The site answers 0 page loads a second; 80 come")


def test_where_no_journey_ends_its_requests_are_counted() -> None:
    """So there is a figure that moves, before the first journey comes to its end."""
    none = replace(SLOW, answered=0, requests=33)
    sentence = pace(of(none, steps=(StepTime("search", 9, 9, None),)))
    assert sentence.startswith(
        "No journey comes to its end: the site answers 6.6 requests a second"
    )


def test_a_site_that_keeps_up_has_bad_events_of_their_own() -> None:
    """How many, and what most of them are."""
    fine = replace(SLOW, keeps_up=True)
    sentence = pace(of(fine))
    assert sentence.startswith(
        "No queue grows: 80 page loads a second come, and the site keeps up."
    )
    assert sentence.endswith("Still 58 of 200 are bad, and not for a queue; most of them are slow.")
    assert pace(of(fine, bad_events={})).endswith("Each is right and in time.")
    assert pace(of(fine, bad_events={"http_5xx": 3})).endswith("most of them are failing.")


def test_of_few_events_only_the_figures_are_said() -> None:
    """Nobody knows whether a queue grew; without any event there is no sentence."""
    few = replace(SLOW, keeps_up=None)
    assert pace(of(few)) == "The site answered 3.2 page loads a second; 80 came."
    assert pace(of(None)) == ""


def test_the_work_that_comes_stands_beside_what_there_is_to_do_it() -> None:
    """The sum that nobody makes."""
    report = of(
        SLOW,
        service_time_s=0.199,
        environment={"usable_cores": 2.0},
        where=WhereTimeWent(pool_size=5),
    )
    assert demand(report) == (
        "One takes 199 ms alone, 80 page loads a second come: 16 s of work each second. That is"
        " more than 5 pooled connections can do, if a request holds one all along."
    )


@pytest.mark.parametrize(
    ("alone_s", "pool", "end"),
    [
        (0.013, 12, "That fits 2 cores and 12 pooled connections: who is late all the same is not"),
        (0.023, 12, "0.8 s of it on a CPU. That fits 2 cores"),
        (0.05, 5, "That is nearly all that 5 pooled connections can do, and visitors come in"),
        (0.043, 12, "That is more than 2 cores can do."),
        (0.199, 12, "That is more than 2 cores or 12 pooled connections can do, if a request"),
    ],
)
def test_it_says_whether_that_fits(alone_s: float, pool: int, end: str) -> None:
    """The way to Postgres and back, here 10 ms, is no work for a core."""
    step = StepAlone("home", alone_s, statements=5, transaction_statements=0, postgres_s=0.001)
    known = replace(SLOW, come_per_s=64 if pool == 12 else 80)
    report = of(
        known,
        service_time_s=alone_s,
        environment={"usable_cores": 2.0 if pool == 12 else 8.0},
        where=WhereTimeWent(pool_size=pool, round_trip_ms=2.0),
        costs=(StepCost("home", 1, alone=step),),
    )
    assert end in demand(report)


@pytest.mark.parametrize(
    "changes", [{"service_time_s": None}, {"pace": None}, {"journey_alone": False}]
)
def test_without_its_figures_there_is_no_sum(changes: dict[str, object]) -> None:
    """Of a journey of which only a request was measured alone there is none either."""
    assert demand(replace(of(SLOW), **changes)) == ""  # type: ignore[arg-type]

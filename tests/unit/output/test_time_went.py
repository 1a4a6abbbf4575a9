"""What the server side saw of a run, in sentences."""

from dataclasses import replace

import pytest

from dojo.burst_figures import Point
from dojo.costs import WhereTimeWent
from dojo.output.time_went import time_went
from tests.support.sample_reports import report_of, small_report


def test_what_a_request_costs_is_measured_without_a_load() -> None:
    """BEGIN and COMMIT stand apart and cost a round trip, too; nothing is divided by survivors."""
    where = WhereTimeWent(
        statements_per_event=75.5,
        statements_alone=71.0,
        transaction_statements_alone=2.0,
        round_trip_ms=2.0,
    )
    sample = replace(report_of((Point(0, 0.01, None), Point(0, None, "timeout"))), where=where)
    assert time_went(sample) == [
        "A single request, with nobody else on the site, sends 71 statements, and 2 BEGIN or"
        " COMMIT; at a round trip of 2 ms that is 146 ms on the way.",
        "Those page loads of the burst that were answered sent 75.5 statements each, on average,"
        " by the app's own count: 151 ms on the way for each.",
    ]
    one = replace(sample, where=WhereTimeWent(statements_alone=1.0))
    assert time_went(one) == ["A single request, with nobody else on the site, sends 1 statement."]


def test_a_blocked_event_loop_has_a_line() -> None:
    """How long, which share, and by what it shows; a short lag is nothing."""
    where = WhereTimeWent(loop_late_ms=4600.0, loop_blocked_most_s=0.43, loop_blocked_share=0.38)
    (line,) = time_went(small_report(where=where, verdict="met"))
    assert line == (
        "The app's event loop was blocked for up to 430 ms at a time, 38% of the burst: a task of"
        " the app that is due fifty times a second came so late."
    )
    (line,) = time_went(
        small_report(where=where, verdict="met", environment={"outside_cores": 1.2})
    )
    assert line.endswith("Other programs used the CPUs, too, which may be the whole reason.")
    long = {"outside_cores": 1.2, "run_queue_delay": 0.5}
    (line,) = time_went(small_report(where=where, verdict="met", environment=long))
    assert line.endswith("The run's threads waited for a CPU, too, which may be the whole reason.")
    busy = {"outside_cores": 1.2, "run_queue_delay": 0.1}
    (line,) = time_went(small_report(where=where, verdict="met", environment=busy))
    assert line.endswith("explains at most 10% of the burst; the rest is not explained by it.")
    (line,) = time_went(small_report(where=replace(where, loop_blocked_most_s=0.01)))
    assert line == "The app's event loop was never blocked for long."


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        (
            WhereTimeWent(connecting_share=0.34),
            "Visitors spent 34% of their waits on connecting to the app, before it could see their"
            " requests.",
        ),
        (WhereTimeWent(connections_opened=1), "1 connection to Postgres was opened."),
        (WhereTimeWent(connections_opened=5), "5 connections to Postgres were opened."),
        (
            WhereTimeWent(pool_waits=1, pool_wait_ms=30.0),
            "1 request waited for a pooled connection, 30 ms on average.",
        ),
        (
            WhereTimeWent(pool_waits=4, pool_wait_ms=8000.0, waiting_at_end=1, pool_size=2),
            "4 requests waited for a pooled connection, at least 2.00 s on average.",
        ),
        (
            WhereTimeWent(pool_waits=0, pool_wait_ms=0.0),
            "No request waited for a pooled connection.",
        ),
        (
            WhereTimeWent(
                waiting_at_end=1, pool_size=2, connections_at_end={"active": 1, "idle": 1}
            ),
            "When the burst ended, 1 request was waiting for one of the app's 2 pooled connections."
            " All of these were in use. Postgres counted 2 connections: 1 active, 1 idle.",
        ),
    ],
)
def test_singular_and_plural_agree_with_the_number(where: WhereTimeWent, sentence: str) -> None:
    """One connection was opened; five were."""
    assert time_went(small_report(where=where))[0] == sentence


@pytest.mark.parametrize(("provider", "said"), [("external", True), ("embedded", False)])
def test_a_foreign_server_that_tells_no_costs_is_said_with_both_reasons(
    provider: str, said: bool
) -> None:
    """The library may not be loaded, or the role may not reset it."""
    sample = small_report()
    environment = {**sample.environment, "provider": provider}
    sample = replace(sample, where=WhereTimeWent(), environment=environment)
    sentence = (
        "This server can't tell which queries cost: pg_stat_statements is not loaded, or this role"
        " may not reset it."
    )
    assert (sentence in time_went(sample)) is said

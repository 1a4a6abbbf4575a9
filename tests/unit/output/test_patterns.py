"""The pattern in where the time went."""

from dataclasses import replace
from typing import Any

from dojo.costs import WhereTimeWent
from dojo.output.patterns import pattern
from dojo.report import Report
from tests.support.sample_reports import small_report

CORES = {"usable_cores": 2.0, "postgres_cores": 0.3, "app_cores": 0.2, "run_queue_delay": 0.1}
SHORT_POOL = WhereTimeWent(
    pool_size=12, pool_waits=190, pool_wait_ms=300_000.0, round_trip_ms=2.0, length_s=10.0
)


def of(where: WhereTimeWent, **environment: Any) -> Report:
    return small_report(where=where, environment={**CORES, **environment})


def test_a_busy_postgres_comes_first() -> None:
    """Whatever waits, and however late the loop is, waits for its queries."""
    where = replace(SHORT_POOL, postgres_ms=100_000.0, loop_blocked_share=0.5)
    assert pattern(of(replace(where, loop_blocked_most_s=0.4), postgres_cores=1.7)) == (
        "Postgres is busy: it used 1.7 of 2 cores, on 10.0 statements at a time. Whatever else"
        " waits, waits for its queries."
    )


def test_a_loop_that_stands_still_while_nothing_computes() -> None:
    """Something waits without `await`; not so if it computes, or if the machine is crowded."""
    where = WhereTimeWent(loop_blocked_share=0.48, loop_blocked_most_s=0.4)
    assert "0.2 cores: something in it waits without `await`" in pattern(of(where))
    assert "0.9 cores: it computes meanwhile" in pattern(of(where, app_cores=0.9))
    assert pattern(of(where, run_queue_delay=6.0)) == ""
    assert pattern(of(replace(where, loop_blocked_most_s=0.01))) == ""


def test_a_loop_that_is_late_often_and_never_for_long() -> None:
    """It has much to do, as that of a solved app at four times the load; nothing blocks it."""
    where = WhereTimeWent(loop_blocked_share=0.38, loop_blocked_most_s=0.057)
    sentence = pattern(of(where, app_cores=0.6, run_queue_delay=0.9))
    assert sentence.startswith(
        "The app's event loop was late for 38% of the burst, by 57 ms at most: the one thread"
    )
    assert "await" not in sentence
    assert pattern(of(replace(where, loop_blocked_share=0.14))) == ""


def test_a_pool_that_is_lent_out_while_postgres_idles() -> None:
    """A larger one would be held, too."""
    sentence = pattern(of(replace(SHORT_POOL, postgres_ms=5_000.0, postgres_calls=400)))
    assert sentence == (
        "All 12 connections were lent out; on average 0.5 of them had a statement at work and 0.1"
        " were on the way to Postgres. The rest the app held for nothing, and it would hold a"
        " larger pool, too."
    )


def test_in_a_crowd_nothing_is_said_of_who_holds_the_pool() -> None:
    """An app that waits for a CPU holds its connections meanwhile."""
    idle = replace(SHORT_POOL, postgres_ms=5_000.0, postgres_calls=400)
    assert pattern(of(idle, outside_cores=1.2)) == ""
    assert pattern(of(idle, outside_cores=0.1)) != ""


def test_a_pool_whose_connections_work_or_travel() -> None:
    """Queries, or round trips."""
    busy = pattern(of(replace(SHORT_POOL, postgres_ms=96_000.0, postgres_calls=400)))
    assert "9.6 of the 12 connections had a statement at work" in busy
    way = pattern(of(replace(SHORT_POOL, postgres_ms=9_000.0, postgres_calls=40_000)))
    assert "on the way to Postgres for 67% of the time: 40,000 round trips of 2 ms" in way
    between = replace(SHORT_POOL, postgres_ms=50_000.0, postgres_calls=400)
    assert pattern(of(between)) == ""


def test_connections_that_are_opened_all_the_time() -> None:
    """Each costs round trips before its first query; a handful is nothing."""
    where = WhereTimeWent(connections_opened=190, round_trip_ms=2.0)
    assert pattern(of(where)) == (
        "The app opened 190 connections to Postgres for 200 page loads, each with several round"
        " trips of 2 ms before its first query."
    )
    assert pattern(of(replace(where, connections_opened=12))) == ""


def test_a_run_that_is_green_or_invalid_has_no_pattern() -> None:
    """There is nothing to look for, or nothing to be said."""
    where = replace(SHORT_POOL, postgres_ms=100_000.0)
    for verdict in ("met", "invalid"):
        assert pattern(replace(of(where, postgres_cores=1.9), verdict=verdict)) == ""


def test_connections_that_are_never_given_back() -> None:
    """In a crowd, too: who waits for a CPU gives them back some day."""
    kept = replace(
        SHORT_POOL, postgres_ms=30.0, postgres_calls=300, pool_use_ms=2_400.0, waiting_at_end=109
    )
    assert pattern(of(kept, outside_cores=1.6)) == (
        "All 12 connections are lent out and run next to no statement, while 109 requests wait for"
        " one: for 98% of the time they were with somebody who has not given them back."
    )
    assert "given them back" not in pattern(of(replace(kept, pool_use_ms=90_000.0)))
    assert "given them back" not in pattern(of(replace(kept, postgres_ms=60_000.0)))
    at_work = replace(kept, connections_at_end={"active": 12})
    assert "given them back" not in pattern(of(at_work))


def test_no_more_statements_than_connections_are_said_to_be_at_work() -> None:
    """Postgres' sum has in it what ended after the burst."""
    where = replace(SHORT_POOL, postgres_ms=150_000.0)
    sentence = pattern(of(where, postgres_cores=1.9))
    assert "with a statement at work on all 12 connections of the pool" in sentence
    assert "12.0 of the 12 connections" in pattern(of(where))

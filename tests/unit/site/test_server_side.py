"""Where the time went, from what was read before and after a load."""

import pytest

from dojo.costs import WhereTimeWent
from dojo.kata.exposition import Exposition
from dojo.postgres.statements import StatementCounts
from dojo.site.server_side import Readings, where_time_went

BEFORE = Exposition.parse(
    "db_client_connection_waits_total 5\ndb_client_connection_wait_time_seconds_total 1.5\n"
    "db_client_connection_use_time_seconds_total 6\nshop_event_loop_lag_seconds_sum 0.5\n"
)
AFTER = Exposition.parse(
    "db_client_connection_waits_total 9\ndb_client_connection_wait_time_seconds_total 2.25\n"
    "db_client_connection_use_time_seconds_total 36\nshop_event_loop_lag_seconds_sum 0.75\n"
    "db_client_connection_count 10\ndb_client_connection_pending_requests 3\n"
)


def lag(total_s: float, longest_s: float, counts: tuple[int, int, int]) -> Exposition:
    """The event loop's lag; `counts` of it within 50 ms, 500 ms, and longer."""
    lines = [
        f"shop_event_loop_lag_seconds_sum {total_s}",
        f"shop_event_loop_lag_seconds_count {sum(counts)}",
        f"shop_event_loop_lag_longest_seconds {longest_s}",
    ]
    for place, edge in enumerate(("0.05", "0.5", "+Inf"), 1):
        lines.append(f'shop_event_loop_lag_seconds_bucket{{le="{edge}"}} {sum(counts[:place])}')
    return Exposition.parse("\n".join(lines) + "\n")


def of_lag(before: Exposition, after: Exposition) -> WhereTimeWent:
    return where_time_went(Readings(before, after, 0, 2.0), length_s=10.0)


def test_counters_are_taken_by_their_growth_and_gauges_as_they_are() -> None:
    """Waits and use of the load alone; the pool's size and queue as the load left them."""
    where = where_time_went(Readings(BEFORE, AFTER, 4, 2.0))
    assert (where.pool_waits, where.pool_wait_ms) == (4, 750.0)
    assert (where.pool_use_ms, where.loop_late_ms) == (30_000.0, 250.0)
    assert (where.pool_size, where.waiting_at_end) == (10, 3)
    assert where.connections_opened == 4


def test_who_still_waits_for_a_connection_has_waited_too() -> None:
    """The pool counts a wait when it is over; three go on, the youngest without an answer."""
    where = where_time_went(Readings(BEFORE, AFTER, 4, 2.0), [9.0, 4.0, 8.0, 6.0, 5.0])
    assert where.pool_wait_ms == pytest.approx(750 + 4000 + 5000 + 6000)


def test_a_counter_that_began_anew_has_not_grown() -> None:
    """An app that was restarted counts from zero; less than nothing is never shown."""
    where = where_time_went(Readings(AFTER, BEFORE, 0, 2.0))
    assert (where.pool_waits, where.pool_wait_ms) == (0, 0.0)


def test_a_blocked_event_loop_is_told_with_its_longest_time() -> None:
    """3.8 s of a load of 10 s, 430 ms at most."""
    where = of_lag(lag(1.0, 0.2, (50, 2, 0)), lag(4.8, 0.43, (90, 40, 0)))
    assert where.loop_late_ms == pytest.approx(3800)
    assert where.loop_blocked_share == pytest.approx(0.38)
    assert where.loop_blocked_most_s == 0.43


def test_a_block_before_the_load_is_not_taken_for_one_of_the_load() -> None:
    """Then all that is known is the bucket: none of the load was longer than its upper edge."""
    where = of_lag(lag(1.0, 0.9, (50, 2, 1)), lag(1.1, 0.9, (90, 2, 1)))
    assert where.loop_blocked_most_s == 0.05
    where = of_lag(lag(1.0, 0.3, (50, 2, 0)), lag(1.1, 0.3, (90, 3, 0)))
    assert where.loop_blocked_most_s == 0.3


def test_an_app_that_does_not_watch_its_loop_tells_nothing() -> None:
    """No figure, instead of zero."""
    where = of_lag(Exposition(()), Exposition(()))
    assert (where.loop_late_ms, where.loop_blocked_share) == (None, None)


def test_the_statements_that_still_ran_at_the_end_count() -> None:
    """What Postgres counts is over; twelve that wait for their answer are its work, too."""
    readings = Readings(
        BEFORE, AFTER, 0, 2.0, counts=StatementCounts(90, 10, 500.0), running_ms=9e3
    )
    where = where_time_went(readings, length_s=3.5)
    assert (where.postgres_ms, where.postgres_calls, where.length_s) == (9500.0, 100, 3.5)
    assert where_time_went(Readings(BEFORE, AFTER, 0, 2.0)).postgres_ms is None

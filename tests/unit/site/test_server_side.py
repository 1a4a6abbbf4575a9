"""Where the time went, from what was read before and after a load."""

from dojo.kata.exposition import Exposition
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


def test_counters_are_taken_by_their_growth_and_gauges_as_they_are() -> None:
    """Waits and use of the load alone; the pool's size and queue as the load left them."""
    where = where_time_went(Readings(BEFORE, AFTER, 4, 2.0, 300), answered=100)
    assert (where.pool_waits, where.pool_wait_ms) == (4, 750.0)
    assert (where.pool_use_ms, where.loop_late_ms) == (30_000.0, 250.0)
    assert (where.pool_size, where.waiting_at_end) == (10, 3)
    assert (where.statements_per_event, where.connections_opened) == (3.0, 4)


def test_a_counter_that_began_anew_has_not_grown() -> None:
    """An app that was restarted counts from zero; less than nothing is never shown."""
    where = where_time_went(Readings(AFTER, BEFORE, 0, 2.0, 300), answered=100)
    assert (where.pool_waits, where.pool_wait_ms) == (0, 0.0)


def test_without_answers_or_statistics_there_is_no_ratio() -> None:
    """Nothing is divided by nothing."""
    empty = Exposition(())
    assert where_time_went(Readings(empty, empty, 0, 2.0, 300), 0).statements_per_event is None
    assert where_time_went(Readings(empty, empty, 0, 2.0), 100).statements_per_event is None

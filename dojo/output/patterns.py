"""The pattern in where the time went, where there is one: evidence, and never the fix. Pure.

Each pattern is one sentence. At most one is read out, in this order: whoever holds what everybody
waits for comes first.

The thresholds lie between what some 20 stored runs of solved apps showed, quiet and beside busy
programs, and what those of some 30 runs of apps with faults did that show the pattern, on two
cores:

| | solved | with the fault |
|---|---|---|
| Postgres, of the cores | at most 24% | from 70% (58% beside others) |
| event loop blocked, of the burst; at a time | at most 14%; 58 ms | from 32%; 0.33 s |
| requests that waited for a connection, for each event; how long | 0.08; 33 ms | 0.43; 0.1 s |
| connections that are given back, of the pool's time | from 6%, and nobody waits | 1 to 4% |

At two to four times the kata's load the loop of a solved app is late for 36 to 38% of the burst,
but by 47 to 62 ms at most. IDLE_SHARE, BUSY_SHARE, ON_THE_WAY, CROWDED_CORES and MANY_OPENED are
chosen, not measured.
"""

from dojo.costs import WhereTimeWent
from dojo.output.figures import core_count, count_of, seconds
from dojo.output.more_load import gave_out
from dojo.report import Report

__all__ = ["pattern"]

POSTGRES_FULL = 0.7  # of the cores that may be used
MANY_WAITS = 0.2  # requests that waited for a connection, for each event …
LONG_WAIT_S = 0.05  # … so long on average
IDLE_SHARE = 0.35  # of the pool's time with a statement at work: less, and the app holds them
BUSY_SHARE = 0.6
ON_THE_WAY = 0.5  # of the pool's time
LOOP_BLOCKED = 0.2  # of the burst
LONG_BLOCK_S = 0.15  # at a time: something waits or computes …
SHORT_BLOCK_S = 0.03  # … and from here on the loop has much to do
ONE_CORE_FULL = 0.8  # of a core, by the app: then it computes
STARVED_S = 1.0  # a second, of all the run's threads: then waiting for a CPU looks like a block
CROWDED_CORES = 0.5  # used by others
GIVEN_BACK = 0.5  # of the pool's time, by those that were given back: less, and others are kept
MANY_OPENED = 0.2  # connections for each event


def pattern(report: Report) -> str:
    """The sentence; "" where none is clear."""
    if report.verdict == "met" or (report.verdict == "invalid" and not gave_out(report)):
        return ""
    every = (_postgres_full, _loop_blocked, _not_given_back, _opened, _loop_busy, _pool)
    return next((sentence for each in every if (sentence := each(report))), "")


def _postgres_full(report: Report) -> str:
    cores, used = report.environment.get("usable_cores"), report.environment.get("postgres_cores")
    if not cores or not used or used < POSTGRES_FULL * cores:
        return ""
    at_work, size = _at_work(report.where), report.where.pool_size
    many = f", on {at_work:,.1f} statements at a time" if at_work else ""
    if at_work and size and at_work >= size:  # Postgres' own sum, with what ended after the burst
        many = f", with a statement at work on all {count_of(size, 'connection')} of the pool"
    return (
        f"Postgres is busy: it used {used:.1f} of {core_count(cores)}{many}. Whatever"
        " else waits, waits for its queries."
    )


def _loop_blocked(report: Report) -> str:
    where, environment = report.where, report.environment
    share, most_s = where.loop_blocked_share, where.loop_blocked_most_s
    if share is None or most_s is None or share < LOOP_BLOCKED or most_s < LONG_BLOCK_S:
        return ""
    blocked = f"The app's event loop stood still for {share:.0%} of the burst"
    used = environment.get("app_cores") or 0.0
    if used >= ONE_CORE_FULL:
        return f"{blocked}, and the app used {used:.1f} cores: it computes meanwhile."
    if (environment.get("run_queue_delay") or 0.0) >= STARVED_S:
        return ""
    return (
        f"{blocked} while the app used only {used:.1f} cores: something in it waits without"
        " `await`, and every other request waits with it."
    )


def _loop_busy(report: Report) -> str:
    """A loop that is late often, and never for long: nothing blocks it, it has too much to do."""
    share, most_s = report.where.loop_blocked_share, report.where.loop_blocked_most_s
    if share is None or most_s is None or share < LOOP_BLOCKED:
        return ""
    if not SHORT_BLOCK_S <= most_s < LONG_BLOCK_S:
        return ""
    return (
        f"The app's event loop was late for {share:.0%} of the burst, by {seconds(most_s)} at most:"
        " the one thread that serves all visitors has as much to do as it can, or waits for a CPU."
    )


def _not_given_back(report: Report) -> str:
    """Connections that are with somebody who neither uses them nor gives them back."""
    where = report.where
    at_work = _at_work(where)
    if not where.pool_size or not where.length_s or not where.waiting_at_end or at_work is None:
        return ""
    pool_ms, active = (
        1000 * where.pool_size * where.length_s,
        where.connections_at_end.get("active"),
    )
    if where.pool_use_ms is None or where.pool_use_ms >= GIVEN_BACK * pool_ms:
        return ""
    if at_work >= IDLE_SHARE * where.pool_size or 2 * (active or 0) > where.pool_size:
        return ""
    kept = 1 - where.pool_use_ms / pool_ms
    return (
        f"All {where.pool_size} connections are lent out and run next to no statement, while"
        f" {count_of(where.waiting_at_end, 'request')} wait for one: for {kept:.0%} of the time"
        " they were with somebody who has not given them back."
    )


def _opened(report: Report) -> str:
    where, events = report.where, len(report.points)
    opened = where.connections_opened or 0
    if not events or opened < MANY_OPENED * events:
        return ""
    each = ""
    if where.round_trip_ms:
        each = (
            f", each with several round trips of {where.round_trip_ms:g} ms before its first query"
        )
    return f"The app opened {opened:,} connections to Postgres for {events:,} {report.event}{each}."


def _pool(report: Report) -> str:
    """What the pool's connections did while requests waited for one."""
    where = report.where
    if not where.pool_size or not where.length_s or not _is_short(where, len(report.points)):
        return ""
    at_work = _at_work(where)
    if at_work is None:
        return ""
    share, size = at_work / where.pool_size, where.pool_size
    on_the_way = _on_the_way(where) / size
    if share >= BUSY_SHARE:
        return (
            f"Requests wait for a connection, and {min(at_work, size):,.1f} of the {size}"
            " connections had a"
            " statement at work, on average: the time goes to Postgres' queries."
        )
    if on_the_way >= ON_THE_WAY:
        return (
            "Requests wait for a connection, and the connections are on the way to Postgres for"
            f" {on_the_way:.0%} of the time: {where.postgres_calls:,} round trips of"
            f" {where.round_trip_ms:g} ms."
        )
    outside = report.environment.get("outside_cores") or 0.0
    if share >= IDLE_SHARE or outside >= CROWDED_CORES:
        return ""  # in a crowd an app that waits for a CPU holds its connections, too
    return (
        f"All {size} connections were lent out; on average {at_work:,.1f} of them had a statement"
        f" at work and {on_the_way * size:,.1f} were on the way to Postgres. The rest the app held"
        " for nothing, and it would hold a larger pool, too."
    )


def _is_short(where: WhereTimeWent, events: int) -> bool:
    """Whether requests waited for a connection, many of them and long."""
    waits, wait_ms = where.pool_waits or 0, where.pool_wait_ms or 0.0
    if waits < MANY_WAITS * max(1, events):
        return False
    return wait_ms / waits >= 1000 * LONG_WAIT_S


def _at_work(where: WhereTimeWent) -> float | None:
    """Statements at work in Postgres, on average."""
    if where.postgres_ms is None or not where.length_s:
        return None
    return where.postgres_ms / 1000 / where.length_s


def _on_the_way(where: WhereTimeWent) -> float:
    """Connections on the way to Postgres or back, on average."""
    if not where.length_s or not where.postgres_calls:
        return 0.0
    return where.postgres_calls * (where.round_trip_ms or 0.0) / 1000 / where.length_s

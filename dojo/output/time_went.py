"""Where the time went, in sentences: what the server side saw of a run. Pure.

It knows the report's facts and neither width nor color nor markup.
"""

from dojo.costs import WhereTimeWent
from dojo.output.costs import costs
from dojo.output.figures import count_of, seconds, statements_of
from dojo.output.limit import limit
from dojo.output.pace import demand
from dojo.output.run_wording import others
from dojo.output.wording import ALONE, alone_name
from dojo.report import Report

__all__ = ["STATEMENT_TIMES", "TIME_WENT", "pool_wait_s", "time_went"]

LARGE_CONNECTING_SHARE = 0.1  # on one machine it is 1 to 3% of a healthy app's waits
SHORT_BLOCK_S = 0.02  # the event loop of a busy app is late by as much without a blocking call

TIME_WENT = "Where the time went"
STATEMENT_TIMES = (
    "Times are sums over all calls. Calls on several connections overlap, so a sum can be longer"
    " than the burst."
)


def time_went(report: Report) -> list[str]:
    """What the server side saw, in sentences."""
    where = report.where
    sentences = [
        costs(report) if limit(report) != costs(report) else "",  # else it is in the headline
        demand(report) if report.slo != "met" else "",
        _statements_alone(report),
        _statements_answered(report),
        _connecting(where),
        _connections_opened(where),
        _pool_waits(where),
        _pool_at_end(where),
        _loop_blocked(report),
    ]
    return [sentence for sentence in sentences if sentence]


def pool_wait_s(waits: int | None, wait_ms: float | None) -> float | None:
    """The mean wait for a pooled connection of the requests that waited; None if unknown."""
    if waits is None or wait_ms is None:
        return None
    return wait_ms / waits / 1000 if waits else 0.0


def _statements_alone(report: Report) -> str:
    """What a request costs by itself, where nothing else can have sent any of it."""
    where = report.where
    if where.statements_alone is None and report.environment.get("provider") == "external":
        return (
            "This server can't tell which queries cost: pg_stat_statements is not loaded, or this"
            " role may not reset it."
        )
    if where.statements_alone is None:
        return ""
    sent, begins = statements_of(where.statements_alone), where.transaction_statements_alone or 0
    if begins:
        sent += f", and {begins:,.3g} BEGIN or COMMIT"
    sentence = f"A single {alone_name(report)}, {ALONE}, sends {sent}"
    if where.round_trip_ms is None:
        return f"{sentence}."
    way_ms = (where.statements_alone + begins) * where.round_trip_ms
    return (
        f"{sentence}; at a round trip of {where.round_trip_ms:g} ms that is {way_ms:,.0f} ms on the"
        " way."
    )


def _statements_answered(report: Report) -> str:
    statements = report.where.statements_per_event
    if statements is None:
        return ""
    came = "came to their end" if report.steps else "were answered"
    sentence = (
        f"Those {report.event} of the burst that {came} sent {statements_of(statements)} each, on"
        " average, by the app's own count"
    )
    if not report.where.round_trip_ms:
        return f"{sentence}."
    return f"{sentence}: {statements * report.where.round_trip_ms:,.0f} ms on the way for each."


def _connecting(where: WhereTimeWent) -> str:
    if (where.connecting_share or 0.0) < LARGE_CONNECTING_SHARE:
        return ""
    return (
        f"Visitors spent {where.connecting_share:.0%} of their waits on connecting to the app,"
        " before it could see their requests."
    )


def _connections_opened(where: WhereTimeWent) -> str:
    if not where.connections_opened:
        return ""
    were = "was" if where.connections_opened == 1 else "were"
    return f"{count_of(where.connections_opened, 'connection')} to Postgres {were} opened."


def _pool_waits(where: WhereTimeWent) -> str:
    if where.pool_waits is None or where.pool_wait_ms is None:
        return ""
    if not where.pool_waits:
        return "No request waited for a pooled connection."
    waited = f"{count_of(where.pool_waits, 'request')} waited for a pooled connection"
    at_least = "at least " if where.waiting_at_end else ""
    mean = seconds(where.pool_wait_ms / where.pool_waits / 1000)
    return f"{waited}, {at_least}{mean} on average."


def _pool_at_end(where: WhereTimeWent) -> str:
    if not where.waiting_at_end:
        return ""
    total = sum(where.connections_at_end.values())
    states = ", ".join(f"{count} {state}" for state, count in where.connections_at_end.items())
    was = "was" if where.waiting_at_end == 1 else "were"
    counted = f"Postgres counted {count_of(total, 'connection')}: {states}."
    if not total:
        counted = "Postgres, asked just afterwards, had no connection of the app's."
    return (
        f"When the burst ended, {count_of(where.waiting_at_end, 'request')} {was} waiting for one"
        f" of the app's {where.pool_size or 0:,} pooled connections. All of these were in use."
        f" {counted}"
    )


def _loop_blocked(report: Report) -> str:
    """How late the loop was that all requests share, and how that is known."""
    where = report.where
    if where.loop_blocked_share is None or where.loop_blocked_most_s is None:
        return ""
    if where.loop_blocked_most_s < SHORT_BLOCK_S:
        return "The app's event loop was never blocked for long."
    starved = _starved(report, where.loop_blocked_share)
    return (
        f"The app's event loop was blocked for up to {seconds(where.loop_blocked_most_s)} at a"
        f" time, {where.loop_blocked_share:.0%} of the burst: a task of the app that is due fifty"
        f" times a second came so late.{starved}"
    )


def _starved(report: Report, blocked_share: float) -> str:
    """How much of that waiting for a CPU may explain, where others used the machine.

    The loop's thread has waited no longer than all threads of the run together.
    """
    if not others(report.environment):
        return ""
    delay = report.environment.get("run_queue_delay")
    if delay is None:
        return " Other programs used the CPUs, too, which may be the whole reason."
    if delay >= blocked_share:
        return " The run's threads waited for a CPU, too, which may be the whole reason."
    return (
        f" Waiting for a CPU explains at most {delay:.0%} of the burst; the rest is not explained"
        " by it."
    )

"""The site under load, a function for each panel: what is in use, and what is waited for. Pure."""

from dojo.observability.panels import Panel, Query, line_chart
from dojo.observability.promql import mean, percentile, rate, rate_ratio

__all__ = [
    "REQUESTS",
    "event_loop_panel",
    "in_flight_panel",
    "pool_panel",
    "pool_wait_time_panel",
    "pool_waits_panel",
    "requests_panel",
]

REQUESTS = 'http_server_request_duration_seconds_count{http_route!~"/metrics|/healthz"}'
POOL_WAITS = "db_client_connection_waits_total"
POOL_WAIT_TIME = "db_client_connection_wait_time_seconds_total"
LAG = "shop_event_loop_lag_seconds"


def requests_panel() -> Panel:
    """Answered requests per second by route and status."""
    by_route = rate(REQUESTS, by=["http_route", "http_response_status_code"])
    return line_chart(
        "Requests by route",
        "What the app has answered, each second, by route and status. Less than what"
        " is sent means that a queue grows.",
        [Query(f"{by_route} > 0", "{{http_route}} {{http_response_status_code}}")],
        "reqps",
        stacked=True,
    )


def in_flight_panel() -> Panel:
    """Requests that the app is busy with, and those that the load awaits."""
    return line_chart(
        "In flight",
        "Requests that the app is busy with, and those that the load still awaits."
        " The second is larger: what waits in the socket, the app has not seen yet."
        " By Little's law their number is arrivals each second times the wait.",
        [
            Query("sum(http_server_active_requests)", "in the app"),
            Query('sum(dojo_load_requests{state="waiting"})', "awaited by the load"),
        ],
        "short",
    )


def event_loop_panel() -> Panel:
    """How late the app's event loop is, in seconds."""
    return line_chart(
        "Event-loop lag",
        "How late the app's event loop gets to a task that is due. It does one thing"
        " at a time: whatever blocks it keeps every other request waiting, whichever"
        " page it is for. Some milliseconds are normal.",
        [Query(mean(LAG), "mean"), Query(percentile(0.99, f"{LAG}_bucket"), "p99")],
        "s",
    )


def pool_panel() -> Panel:
    """Pooled connections, and requests that wait for one."""
    return line_chart(
        "Connection pool",
        "Connections that the app keeps open, and requests that wait for a free one."
        " Waiting for the pool is waiting for everybody who holds a connection.",
        [
            Query("sum(db_client_connection_count)", "in the pool"),
            Query("sum(db_client_connection_pending_requests)", "waiting for one"),
            Query('sum(dojo_postgres_connections{state!="idle"})', "in use, by Postgres"),
        ],
        "short",
    )


def pool_waits_panel() -> Panel:
    """Requests per second that had to wait for a pooled connection."""
    return line_chart(
        "Waits for a connection",
        "How many requests each second had to wait for a pooled connection.",
        [Query(rate(POOL_WAITS), "waits")],
        "cps",
    )


def pool_wait_time_panel() -> Panel:
    """The mean wait for a pooled connection, in seconds."""
    return line_chart(
        "How long they waited for a connection",
        "Mean wait of those that waited. It is part of the response time, and no"
        " query is slow for it.",
        [Query(rate_ratio(POOL_WAIT_TIME, POOL_WAITS), "mean wait")],
        "s",
    )

"""The site under load, a function for each panel: what is in use, what requests wait for. Pure."""

from dojo.observability.panels import Panel, Query, line_chart
from dojo.observability.promql import mean, percentile, rate

__all__ = [
    "REQUESTS",
    "event_loop_panel",
    "in_flight_panel",
    "pool_panel",
    "requests_panel",
]

REQUESTS = 'http_server_request_duration_seconds_count{http_route!~"/metrics|/healthz"}'
LAG = "shop_event_loop_lag_seconds"


def requests_panel() -> Panel:
    """Answered requests per second by route and status."""
    by_route = rate(REQUESTS, by=["http_route", "http_response_status_code"])
    return line_chart(
        "Requests by route",
        "Requests per second that the app answers, by route and status. If fewer are answered than"
        " sent, a queue grows.",
        [Query(f"{by_route} > 0", "{{http_route}} {{http_response_status_code}}")],
        "reqps",
        stacked=True,
        top=1,
    )


def in_flight_panel() -> Panel:
    """Requests that the app is busy with, and those that the load awaits."""
    return line_chart(
        "In flight",
        "Requests that the app is working on, and requests that the load waits for. The second"
        " number is larger: it includes requests that the app has not read from the socket yet. By"
        " Little's law it is arrivals per second times mean wait.",
        [
            Query("sum(http_server_active_requests)", "in the app"),
            Query('sum(dojo_load_requests{state="waiting"})', "the load waits for"),
        ],
        "none",
        top=10,
    )


def event_loop_panel() -> Panel:
    """How late the app's event loop is, in seconds."""
    return line_chart(
        "Event-loop lag",
        "How late the app's event loop runs a task that is due. The loop does one thing at a time:"
        " whatever blocks it delays every other request, for whichever page. Some milliseconds are"
        " normal.",
        [Query(mean(LAG), "mean"), Query(percentile(0.99, f"{LAG}_bucket"), "p99")],
        "s",
        top=0.05,
    )


def pool_panel() -> Panel:
    """Pooled connections, and requests that wait for one."""
    return line_chart(
        "Connection pool",
        "Connections that the app keeps open, and requests that wait for a free one. Such a"
        " request waits until another one gives its connection back.",
        [
            Query("sum(db_client_connection_count)", "in the pool"),
            Query("sum(db_client_connection_pending_requests)", "waiting for one"),
            Query('sum(dojo_postgres_connections{state!="idle"})', "in use, by Postgres"),
        ],
        "none",
        top=10,
    )

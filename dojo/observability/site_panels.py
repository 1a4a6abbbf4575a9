"""The site under load, a function for each panel: what is in use, what requests wait for. Pure."""

from dojo.observability.panels import Panel, Query, line_chart
from dojo.observability.promql import mean, percentile, rate

__all__ = [
    "REQUESTS",
    "event_loop_panel",
    "requests_panel",
    "waiting_panel",
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


def waiting_panel() -> Panel:
    """Requests and connections in use, and what waits for one of them."""
    return line_chart(
        "In use and waiting",
        "Requests that the load waits for; of these, requests that the app is working on; of these,"
        " requests that wait for a connection of the pool, until another one gives its own back."
        " By Little's law requests under way are arrivals per second times mean wait. Connections:"
        " how many the app keeps open, and with how many Postgres is busy.",
        [
            Query('sum(dojo_load_requests{state="waiting"})', "requests the load waits for"),
            Query("sum(http_server_active_requests)", "requests in the app"),
            Query("sum(db_client_connection_pending_requests)", "requests waiting for the pool"),
            Query("sum(db_client_connection_count)", "connections in the pool"),
            Query(
                'sum(dojo_postgres_connections{state!="idle"})', "connections in use, by Postgres"
            ),
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

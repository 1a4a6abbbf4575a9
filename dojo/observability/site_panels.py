"""The dashboard's panels on the site: what is used, what is waited for, what Postgres does."""

from dojo.observability.panels import Panel, Query, line_chart

__all__ = ["postgres_lines", "saturation_lines"]

Line = list[tuple[Panel, int, int]]
WINDOW = "[$__rate_interval]"
REQUESTS = 'http_server_request_duration_seconds_count{http_route!~"/metrics|/healthz"}'
WAITS = "db_client_connection_waits_total"
LAG = "shop_event_loop_lag_seconds"


def saturation_lines() -> list[Line]:
    """What fills up before a site is slow."""
    return [
        [
            (
                line_chart(
                    "Requests by route",
                    "What the app has answered, each second, by route and status. Less than what"
                    " is sent means that a queue grows.",
                    [
                        Query(
                            "sum by (http_route, http_response_status_code)"
                            f" (rate({REQUESTS}{WINDOW})) > 0",
                            "{{http_route}} {{http_response_status_code}}",
                        )
                    ],
                    "reqps",
                    stacked=True,
                ),
                8,
                8,
            ),
            (
                line_chart(
                    "In flight",
                    "Requests that the app is busy with, and those that the load still awaits."
                    " The second is larger: what waits in the socket, the app has not seen yet."
                    " By Little's law their number is arrivals each second times the wait.",
                    [
                        Query("sum(http_server_active_requests)", "in the app"),
                        Query('sum(dojo_load_requests{state="waiting"})', "awaited by the load"),
                    ],
                    "short",
                ),
                8,
                8,
            ),
            (
                line_chart(
                    "Event-loop lag",
                    "How late the app's event loop gets to a task that is due. It does one thing"
                    " at a time: whatever blocks it keeps every other request waiting, whichever"
                    " page it is for. Some milliseconds are normal.",
                    [
                        Query(
                            f"sum(rate({LAG}_sum{WINDOW})) / (sum(rate({LAG}_count{WINDOW})) > 0)",
                            "mean",
                        ),
                        Query(
                            f"histogram_quantile(0.99, sum by (le)"
                            f" (rate({LAG}_bucket{WINDOW}))) >= 0",
                            "p99",
                        ),
                    ],
                    "s",
                ),
                8,
                8,
            ),
        ],
        [
            (
                line_chart(
                    "Connection pool",
                    "Connections that the app keeps open, and requests that wait for a free one."
                    " Waiting for the pool is waiting for everybody who holds a connection.",
                    [
                        Query("sum(db_client_connection_count)", "in the pool"),
                        Query("sum(db_client_connection_pending_requests)", "waiting for one"),
                        Query(
                            'sum(dojo_postgres_connections{state!="idle"})', "in use, by Postgres"
                        ),
                    ],
                    "short",
                ),
                8,
                8,
            ),
            (
                line_chart(
                    "Waits for a connection",
                    "How many requests each second had to wait for a pooled connection.",
                    [Query(f"sum(rate({WAITS}{WINDOW}))", "waits")],
                    "cps",
                ),
                8,
                8,
            ),
            (
                line_chart(
                    "How long they waited for a connection",
                    "Mean wait of those that waited. It is part of the response time, and no"
                    " query is slow for it.",
                    [
                        Query(
                            f"sum(rate(db_client_connection_wait_time_seconds_total{WINDOW}))"
                            f" / (sum(rate({WAITS}{WINDOW})) > 0)",
                            "mean wait",
                        )
                    ],
                    "s",
                ),
                8,
                8,
            ),
        ],
    ]


def postgres_lines() -> list[Line]:
    """What the app asks of Postgres, as Postgres counts it."""
    return [
        [
            (
                line_chart(
                    "Statements for each request",
                    "Statements that Postgres got from the app / requests that it answered. Each"
                    " statement is a round trip; a page that asks once for each row has a number"
                    " here that grows with its rows.",
                    [
                        Query(
                            f"sum(rate(dojo_postgres_statements_total{WINDOW}))"
                            f" / (sum(rate({REQUESTS}{WINDOW})) > 0)",
                            "statements for each request",
                        )
                    ],
                    "short",
                ),
                8,
                8,
            ),
            (
                line_chart(
                    "Statements",
                    "Statements each second, transaction control included.",
                    [Query(f"sum(rate(dojo_postgres_statements_total{WINDOW}))", "statements")],
                    "cps",
                ),
                8,
                8,
            ),
            (
                line_chart(
                    "Connections",
                    "The app's connections by what they do. Active: a statement runs. Idle in"
                    " transaction: the app keeps one open and does something else.",
                    [
                        Query("sum by (state) (dojo_postgres_connections)", "{{state}}"),
                    ],
                    "short",
                    stacked=True,
                ),
                8,
                8,
            ),
        ],
        [
            (
                line_chart(
                    "Rows read by going through a table",
                    "Rows that sequential scans read, each second, by table. Small tables are read"
                    " so, and rightly; for a large one it means that nothing told Postgres where"
                    " to look.",
                    [
                        Query(
                            "sum by (table)"
                            f" (rate(dojo_postgres_sequential_rows_total{WINDOW})) > 0",
                            "{{table}}",
                        )
                    ],
                    "cps",
                    stacked=True,
                ),
                12,
                8,
            ),
            (
                line_chart(
                    "Sequential scans",
                    "How often a table was read through, each second.",
                    [
                        Query(
                            "sum by (table)"
                            f" (rate(dojo_postgres_sequential_scans_total{WINDOW})) > 0",
                            "{{table}}",
                        )
                    ],
                    "ops",
                ),
                12,
                8,
            ),
        ],
    ]

"""What the app asks of Postgres, as Postgres counts it, a function for each panel. Pure."""

from dojo.observability.panels import Panel, Query, line_chart
from dojo.observability.promql import rate, rate_ratio
from dojo.observability.site_panels import REQUESTS

__all__ = [
    "connections_panel",
    "scanned_rows_panel",
    "scans_panel",
    "statements_panel",
    "statements_per_request_panel",
]

STATEMENTS = "dojo_postgres_statements_total"
SCANNED_ROWS = "dojo_postgres_sequential_rows_total"
SCANS = "dojo_postgres_sequential_scans_total"


def statements_per_request_panel() -> Panel:
    """Statements for each request that was answered."""
    return line_chart(
        "Statements for each request",
        "Statements that Postgres got from the app / requests that it answered. Each"
        " statement is a round trip; a page that asks once for each row has a number"
        " here that grows with its rows.",
        [Query(rate_ratio(STATEMENTS, REQUESTS), "statements for each request")],
        "short",
    )


def statements_panel() -> Panel:
    """Statements per second."""
    return line_chart(
        "Statements",
        "Statements each second, transaction control included.",
        [Query(rate(STATEMENTS), "statements")],
        "cps",
    )


def connections_panel() -> Panel:
    """The app's connections by state."""
    return line_chart(
        "Connections",
        "The app's connections by what they do. Active: a statement runs. Idle in"
        " transaction: the app keeps one open and does something else.",
        [Query("sum by (state) (dojo_postgres_connections)", "{{state}}")],
        "short",
        stacked=True,
    )


def scanned_rows_panel() -> Panel:
    """Rows per second that sequential scans read, by table."""
    return line_chart(
        "Rows read by going through a table",
        "Rows that sequential scans read, each second, by table. Small tables are read"
        " so, and rightly; for a large one it means that nothing told Postgres where"
        " to look.",
        [Query(f"{rate(SCANNED_ROWS, by=['table'])} > 0", "{{table}}")],
        "cps",
        stacked=True,
    )


def scans_panel() -> Panel:
    """Sequential scans per second, by table."""
    return line_chart(
        "Sequential scans",
        "How often a table was read through, each second.",
        [Query(f"{rate(SCANS, by=['table'])} > 0", "{{table}}")],
        "ops",
    )

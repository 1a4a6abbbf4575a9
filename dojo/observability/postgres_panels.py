"""The work that the app gives Postgres, as Postgres counts it, a function for each panel. Pure."""

from dojo.observability.panels import Panel, Query, line_chart
from dojo.observability.promql import rate, rate_ratio
from dojo.observability.site_panels import REQUESTS

__all__ = [
    "scanned_rows_panel",
    "statements_per_request_panel",
]

STATEMENTS = "dojo_postgres_statements_total"
SCANNED_ROWS = "dojo_postgres_sequential_rows_total"


def statements_per_request_panel() -> Panel:
    """Statements for each request that was answered."""
    return line_chart(
        "Statements per request",
        "Statements that the app sends to Postgres / requests that the app answers. Each statement"
        " is a round trip. If a page sends one statement for each of its rows, this number grows"
        " with the rows.",
        [Query(rate_ratio(STATEMENTS, REQUESTS), "statements per request")],
        "none",
        top=10,
    )


def scanned_rows_panel() -> Panel:
    """Rows per second that sequential scans read, by table."""
    return line_chart(
        "Rows a second read by sequential scans",
        "Rows per second that sequential scans read, by table. Small tables are best read this way;"
        " for a large one it usually means that no index fits the query.",
        [Query(f"{rate(SCANNED_ROWS, by=['table'])} > 0", "{{table}}")],
        "locale",
        stacked=True,
        top=1000,
    )

"""The dashboard: which panel stands where. Pure, from service levels to Grafana's JSON.

What a panel shows is decided in objective_panels, kata_panels, site_panels and postgres_panels; all
of the layout is here.
"""

from collections.abc import Mapping
from typing import Any

from dojo.observability import kata_panels as of_kata
from dojo.observability import objective_panels as of_objective
from dojo.observability import postgres_panels as of_postgres
from dojo.observability import site_panels as of_site
from dojo.observability.panels import (
    Line,
    Panel,
    Placed,
    Query,
    ThresholdStep,
    arrange,
    row,
    side_by_side,
    stat,
    text,
)
from dojo.observability.promql import FULL_RANGE, selector
from dojo.observability.rules import ALERT, ALERT_IN_BURST
from dojo.slo.openslo import Objective, ServiceLevel

__all__ = ["dashboard"]

UID, TITLE = "slo-dojo", "SLO Dojo"
SCHEMA_VERSION = 42  # Grafana 12.2 and later; older ones are migrated on loading
TILE, CHART = 4, 8  # heights of a panel

HOW_TO_READ = """\
**SLI** = good events / all events. **Objective**: the least SLI that is acceptable. **Error
budget**: the share of bad events that the objective allows. **Burn rate**: bad share / (1 -
objective). At 1 the budget lasts exactly as long as it should; at 20 it is gone in a twentieth of
the time.

Every large figure is of the time range at the top right. Run a kata (`./run pytest
katas/01-latency`) or the site (`./run dojo up`), and choose a range that covers it.

*SLI* is what `slo.yaml` counts: what the load measured, from the intended click to the last byte,
and only right answers are good. Where the app's own figures look better, believe the load: the
app's clock does not start before the app begins with a request.
"""


def dashboard(levels: Mapping[str, ServiceLevel]) -> dict[str, Any]:
    """The dashboard of these katas (by the names of their folders), as Grafana reads it."""
    lines = [_overview()]
    for kata, level in levels.items():
        lines += _kata(kata, level)
    lines += _site()
    lines += _postgres()
    return {
        "uid": UID,
        "title": TITLE,
        "description": "The objectives of the katas, and whether the site meets them.",
        "tags": ["slo", "slo-dojo"],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "time": {"from": "now-15m", "to": "now"},
        "timepicker": {"refresh_intervals": ["1s", "5s", "30s", "1m"]},
        "timezone": "browser",
        "refresh": "5s",
        "links": [],
        "annotations": {"list": []},
        "templating": {"list": [_datasource_variable()]},
        "panels": arrange(lines),
    }


def _overview() -> Line:
    how_to = text("How to read this", "The words, and where the figures come from.", HOW_TO_READ)
    return [Placed(how_to, 12, 7), Placed(_scrapes_panel(), 6, 7), Placed(_alerts_panel(), 6, 7)]


def _kata(kata: str, level: ServiceLevel) -> list[Line]:
    if of_objective.counted_by_app(level.objectives[0]):
        counted_panel = of_kata.app_heatmap_panel(level)
    else:
        counted_panel = of_kata.right_panel(level)
    return [
        row(f"{kata}: {level.title}"),
        *(_objective(kata, level, objective) for objective in level.objectives),
        side_by_side(
            CHART,
            of_kata.sli_lines_panel(kata, level),
            of_kata.visitor_lines_panel(kata, level),
        ),
        side_by_side(
            CHART,
            of_kata.burn_rates_panel(kata, level),
            of_kata.outcomes_panel(level),
            of_kata.percentiles_panel(level),
        ),
        side_by_side(CHART, of_kata.visitor_heatmap_panel(level), counted_panel),
    ]


def _objective(kata: str, level: ServiceLevel, objective: Objective) -> Line:
    panels = [
        of_objective.target_panel(kata, level, objective),
        of_objective.sli_panel(level, objective),
        of_objective.counts_panel(objective),
        of_objective.budget_left_panel(objective),
        of_objective.burn_rate_panel(objective),
    ]
    widths = [5, 5, 6, 4, 4]
    if of_objective.counted_by_app(objective):
        panels.append(of_objective.visitors_panel(objective))
        widths = [4, 4, 5, 4, 3, 4]
    return [Placed(panel, width, TILE) for panel, width in zip(panels, widths, strict=True)]


def _site() -> list[Line]:
    return [
        row("The site: what is in use, and what requests wait for"),
        side_by_side(
            CHART,
            of_site.requests_panel(),
            of_site.in_flight_panel(),
            of_site.event_loop_panel(),
        ),
        side_by_side(
            CHART,
            of_site.pool_panel(),
            of_site.pool_waits_panel(),
            of_site.pool_wait_time_panel(),
        ),
    ]


def _postgres() -> list[Line]:
    return [
        row("Postgres: the work that the app gives it"),
        side_by_side(
            CHART,
            of_postgres.statements_per_request_panel(),
            of_postgres.statements_panel(),
            of_postgres.connections_panel(),
        ),
        side_by_side(CHART, of_postgres.scanned_rows_panel(), of_postgres.scans_panel()),
    ]


def _scrapes_panel() -> Panel:
    answered = f'avg by (job) (avg_over_time(up{{job=~"shop|dojo"}}[{FULL_RANGE}]))'
    return stat(
        "Scrapes answered",
        "The share of Prometheus' scrapes that were answered. An overloaded app (shop) answers late"
        " or not at all: that is a finding, not a fault of the monitoring. Without a figure,"
        " nothing has run.",
        [Query(answered, "{{job}}", instant=True)],
        "percentunit",
        (ThresholdStep("orange"), ThresholdStep("green", 0.9)),
        decimals=0,
    )


def _alerts_panel() -> Panel:
    return stat(
        "Alerts that fired",
        "How many burn-rate alerts fired at some moment of the range. Those called InBurst have"
        " windows scaled to a kata's burst, so that you can see them fire. The others have windows"
        " of minutes to days, as in production.",
        [
            Query(_alerts_fired(ALERT), "real windows", instant=True),
            Query(_alerts_fired(ALERT_IN_BURST), "within a burst", instant=True),
        ],
        "none",
        (ThresholdStep("green"), ThresholdStep("red", 1)),
    )


def _alerts_fired(name: str) -> str:
    firing = selector("ALERTS", alertname=name, alertstate="firing")
    fired = f"count by (alertname) (max_over_time({firing}[{FULL_RANGE}]))"
    return f"{fired} or on () vector(0)"


def _datasource_variable() -> dict[str, Any]:
    return {
        "name": "datasource",
        "label": "Data source",
        "type": "datasource",
        "query": "prometheus",
        "current": {"text": "Prometheus", "value": "prometheus"},
        "hide": 0,
        "includeAll": False,
        "multi": False,
        "options": [],
        "refresh": 1,
        "regex": "",
    }

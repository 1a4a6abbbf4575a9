"""The dashboard: what each kata promises, how it stands, and why. Pure: from promises to JSON."""

from collections.abc import Mapping
from typing import Any

from dojo.observability.kata_panels import over_time, standing
from dojo.observability.panels import Panel, Query, Step, arranged, row, stat, words
from dojo.observability.site_panels import postgres_lines, saturation_lines
from dojo.slo.openslo import ServiceLevel

__all__ = ["dashboard"]

UID, TITLE = "slo-dojo", "SLO Dojo"
SCHEMA_VERSION = 42  # Grafana 12.2 and later; older ones are migrated on loading
Line = list[tuple[Panel, int, int]]

HOW_TO_READ = """\
**SLI** = good events / all events. **Objective**: how large that must be. **Error budget**: the
bad events that the objective leaves room for. **Burn rate**: bad share / (1 - objective); at 1 the
budget lasts exactly as long as it should, at 20 it is gone in a twentieth of the time.

Every figure is of the time range at the top right. Run a kata (`./run pytest katas/01-latency`) or
the site (`./run dojo up`), and choose a range that covers it.

*By the promise* is what `slo.yaml` counts. *As visitors felt it* is what the load measured: from
the intended click to the last byte, and only right answers are good. Where the two differ, believe
the visitors: a request that waits to be taken up is no request to the app's own clock.
"""


def dashboard(levels: Mapping[str, ServiceLevel]) -> dict[str, Any]:
    """The dashboard of these katas, as Grafana reads it from a file."""
    lines: list[Line] = [_overview()]
    for kata, level in levels.items():
        lines.append([(row(f"{kata}: {level.title}"), 24, 1)])
        lines += [standing(kata, level, objective) for objective in level.objectives]
        lines += over_time(kata, level)
    lines.append([(row("The site: what is in use, and what is waited for"), 24, 1)])
    lines += saturation_lines()
    lines.append([(row("Postgres: what the app asks of it"), 24, 1)])
    lines += postgres_lines()
    return {
        "uid": UID,
        "title": TITLE,
        "description": "The promises of the katas, and how the site keeps them.",
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
        "templating": {
            "list": [
                {
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
            ]
        },
        "panels": arranged(lines),
    }


def _overview() -> Line:
    return [
        (
            words("How to read this", "The words, and where the figures come from.", HOW_TO_READ),
            12,
            7,
        ),
        (
            stat(
                "Scrapes answered",
                "How many of Prometheus' visits were answered. The app (shop) answers late or not"
                " at all while it is swamped: that is a finding, not a fault of the monitoring."
                " Where there is no figure, nothing has run.",
                [
                    Query(
                        'avg by (job) (avg_over_time(up{job=~"shop|dojo"}[$__range]))',
                        "{{job}}",
                        True,
                    )
                ],
                "percentunit",
                (Step("orange"), Step("green", 0.9)),
                decimals=0,
            ),
            6,
            7,
        ),
        (
            stat(
                "Alerts that fired",
                "How many of the burn-rate alerts were firing at some moment of the range. Those"
                " called InBurst have windows scaled to a kata's burst, so that you can see them"
                " fire; the others need minutes to hours of it, as in production.",
                [
                    Query(
                        f'count by (alertname) (max_over_time(ALERTS{{alertname="{name}",'
                        'alertstate="firing"}[$__range])) or on () vector(0)',
                        told,
                        True,
                    )
                    for name, told in (
                        ("ErrorBudgetBurn", "real windows"),
                        ("ErrorBudgetBurnInBurst", "within a burst"),
                    )
                ],
                "none",
                (Step("green"), Step("red", 1)),
            ),
            6,
            7,
        ),
    ]

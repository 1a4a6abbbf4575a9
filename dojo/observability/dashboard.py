"""The dashboard: which panel stands where. Pure, from service levels to Grafana's JSON.

What a panel shows is decided in objective_panels, kata_panels, site_panels and postgres_panels; all
of the layout is here. What is seen first says whether the katas' objectives are met; the rest is
folded.
"""

from collections.abc import Mapping
from typing import Any

from dojo.observability import kata_panels as of_kata
from dojo.observability import postgres_panels as of_postgres
from dojo.observability import site_panels as of_site
from dojo.observability.grid import COLUMNS, Column, beside, columns, folded, numbered, stack
from dojo.observability.objective_panels import objective_panel
from dojo.observability.panels import text
from dojo.slo.openslo import ServiceLevel

__all__ = ["UID", "dashboard"]

UID, TITLE = "slo-dojo", "SLO Dojo"
SCHEMA_VERSION = 42  # Grafana 12.2 and later; older ones are migrated on loading
HEADING, TILE, CHART = 1, 3, 7  # heights of a panel
OF_A_KATA = 5  # of a chart of a kata, so that a laptop's screen has room for a whole column
KATAS_IN_A_LINE = 3  # so that a tile can hold a sentence

WORDS = """\
**SLI** = good events / all events. **Objective**: the least SLI that is acceptable. **Error
budget**: the share of bad events that the objective allows, 1 - objective. **Burn rate**: bad
share / (1 - objective). At 1 the budget lasts exactly as long as it should; at 20 it is gone in a
twentieth of the time.

**NOT MET, MET** are the grader's own verdicts, as in the report of a run: on the last minute
under `./run dojo up`, on the burst under `./run pytest katas/01-latency`. **TOO CLOSE**: these
events would come about with an SLI above and with one below the objective. **TOO FEW**: not even
faultless events would prove it yet. **MEASURING**: a burst is under way.

All of it is as visitors experienced it: from the intended click to the last byte, and only right
answers are good. Where the app's own figures look better, believe the load: the app's clock does
not start before the app begins with a request.
"""


def dashboard(levels: Mapping[str, ServiceLevel]) -> dict[str, Any]:
    """The dashboard of these katas (by the names of their folders), as Grafana reads it."""
    katas = list(levels.items())
    groups = [katas[i : i + KATAS_IN_A_LINE] for i in range(0, len(katas), KATAS_IN_A_LINE)]
    width = COLUMNS // min(KATAS_IN_A_LINE, len(katas) or 1)
    blocks = [columns(_kata_columns(dict(group)), width) for group in groups]
    blocks += [
        folded(
            "Burn rates and alerts",
            beside(CHART, of_kata.burn_rates_panel(levels), of_kata.alerts_panel()),
        ),
        folded(
            "The site: what is in use, and what requests wait for",
            beside(
                CHART,
                of_site.requests_panel(),
                of_site.waiting_panel(),
                of_site.event_loop_panel(),
            ),
        ),
        folded(
            "Postgres: the work that the app gives it",
            beside(
                CHART,
                of_postgres.statements_per_request_panel(),
                of_postgres.scanned_rows_panel(),
            ),
        ),
        folded("Words", beside(CHART, text("What the words mean", WORDS))),
    ]
    return {
        "uid": UID,
        "title": TITLE,
        "description": "The objectives of the katas, and whether the site meets them.",
        "tags": ["slo", "slo-dojo"],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "time": {"from": "now-5m", "to": "now"},
        "timepicker": {"refresh_intervals": ["1s", "5s", "30s", "1m"]},
        "timezone": "browser",
        "refresh": "5s",
        "links": [],
        "annotations": {"list": []},
        "templating": {"list": [_datasource_variable()]},
        "panels": numbered(stack(blocks)),
    }


def _kata_columns(levels: Mapping[str, ServiceLevel]) -> list[Column]:
    """A column for each kata; tiles are as high as makes their charts stand in line."""
    most = max(len(level.objectives) for level in levels.values())
    return [_kata_column(kata, level, most * TILE) for kata, level in levels.items()]


def _kata_column(kata: str, level: ServiceLevel, tiles_height: int) -> Column:
    count = len(level.objectives)
    heights = [tiles_height // count + (i < tiles_height % count) for i in range(count)]
    tiles = (objective_panel(level, objective) for objective in level.objectives)
    return [
        (of_kata.heading_panel(kata, level), HEADING),
        *zip(tiles, heights, strict=True),
        (of_kata.last_minute_panel(kata, level), OF_A_KATA),
        (of_kata.heatmap_panel(level), OF_A_KATA),
        (of_kata.outcomes_panel(level), OF_A_KATA),
    ]


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

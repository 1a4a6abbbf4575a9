"""Grafana's panels as JSON values, and how they are placed on the dashboard. Pure.

It knows Grafana's format and nothing of katas or metrics. Five kinds of panels are enough: a row, a
text, stats, a line chart and a heatmap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "COLUMNS",
    "DATASOURCE",
    "Line",
    "Panel",
    "Placed",
    "Query",
    "ThresholdStep",
    "arrange",
    "heatmap",
    "line_chart",
    "row",
    "side_by_side",
    "stat",
    "text",
]

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
COLUMNS = 24  # Grafana's grid
Panel = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL query of a panel; `instant`: one value, at the end of the time range."""

    expr: str
    legend: str
    instant: bool = False


@dataclass(frozen=True, slots=True)
class ThresholdStep:
    """From this value on, a figure has this color; None: the color below every other step."""

    color: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A panel and its size: columns of Grafana's 24, and rows of 30 pixels."""

    panel: Panel
    width: int
    height: int


Line = Sequence[Placed]  # panels beside each other


def row(title: str) -> Line:
    """A heading over the panels that follow, as a line of its own."""
    panel = {"type": "row", "title": title, "collapsed": False, "panels": []}
    return [Placed(panel, COLUMNS, 1)]


def side_by_side(height: int, *panels: Panel) -> Line:
    """Panels of equal widths that fill a line."""
    return [Placed(panel, COLUMNS // len(panels), height) for panel in panels]


def text(title: str, description: str, markdown: str) -> Panel:
    """A panel of Markdown."""
    return {
        "type": "text",
        "title": title,
        "description": description,
        "options": {"mode": "markdown", "content": markdown},
    }


def stat(
    title: str,
    description: str,
    queries: Sequence[Query],
    unit: str,
    steps: Sequence[ThresholdStep] = (),
    decimals: int | None = None,
) -> Panel:
    """Large figures, one for each query. Their background has the color of their step."""
    panel = _panel("stat", title, description, queries)
    panel["fieldConfig"]["defaults"] = {
        "unit": unit,
        "noValue": "no events",
        **({} if decimals is None else {"decimals": decimals}),
        "color": {"mode": "thresholds"},
        "thresholds": _thresholds(steps or (ThresholdStep("text"),)),
    }
    panel["options"] = {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "colorMode": "background" if steps else "none",
        "graphMode": "none",
        "justifyMode": "auto",
        "orientation": "auto",
        "textMode": "value_and_name" if len(queries) > 1 else "value",
        "wideLayout": True,
    }
    return panel


def line_chart(
    title: str,
    description: str,
    queries: Sequence[Query],
    unit: str,
    *,
    stacked: bool = False,
    maximum: float | None = None,
    thresholds: Sequence[ThresholdStep] = (),
) -> Panel:
    """Figures over time, from 0 up to `maximum` or as high as they come.

    A series whose legend begins with "objective" is dashed. `thresholds` are drawn across the
    panel.
    """
    panel = _panel("timeseries", title, description, queries)
    steps = (ThresholdStep("transparent"), *thresholds) if thresholds else (ThresholdStep("green"),)
    panel["fieldConfig"]["defaults"] = {
        "unit": unit,
        "min": 0,
        **({} if maximum is None else {"max": maximum}),
        "color": {"mode": "palette-classic"},
        "custom": {
            "drawStyle": "line",
            "lineInterpolation": "linear",
            "lineWidth": 1 if stacked else 2,
            "fillOpacity": 40 if stacked else 0,
            "showPoints": "auto",
            "spanNulls": False,
            "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
            "thresholdsStyle": {"mode": "dashed" if thresholds else "off"},
        },
        "thresholds": _thresholds(steps),
    }
    panel["fieldConfig"]["overrides"] = [_dashed_objective()]
    panel["options"] = {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    return panel


def heatmap(title: str, description: str, query: Query) -> Panel:
    """A histogram over time. A column is a moment, a cell a bucket: the darker, the more events."""
    panel = _panel("heatmap", title, description, [query])
    panel["targets"][0]["format"] = "heatmap"
    panel["fieldConfig"]["defaults"] = {
        "unit": "short",
        "custom": {"scaleDistribution": {"type": "linear"}},
    }
    panel["options"] = {
        "calculate": False,
        "cellGap": 1,
        "cellValues": {"unit": "short"},
        "color": {
            "mode": "scheme",
            "scheme": "Oranges",
            "steps": 64,
            "reverse": False,
            "exponent": 0.5,
            "fill": "dark-orange",
            "scale": "exponential",
        },
        "filterValues": {"le": 1e-9},
        "legend": {"show": True},
        "rowsFrame": {"layout": "le"},
        "tooltip": {"mode": "single", "showColorScale": False, "yHistogram": False},
        "yAxis": {"axisPlacement": "left", "unit": "s", "reverse": False},
    }
    return panel


def arrange(lines: Sequence[Line]) -> list[Panel]:
    """The panels with ids and positions, line under line; ValueError if a line is too wide."""
    arranged: list[Panel] = []
    y = 0
    for line in lines:
        x = 0
        for placed in line:
            position = {"x": x, "y": y, "w": placed.width, "h": placed.height}
            arranged.append({"id": len(arranged) + 1, **placed.panel, "gridPos": position})
            x += placed.width
        if x > COLUMNS:
            raise ValueError(f"a line of panels is {x} columns wide; Grafana has {COLUMNS}")
        y += max(placed.height for placed in line)
    return arranged


def _panel(kind: str, title: str, description: str, queries: Sequence[Query]) -> Panel:
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": DATASOURCE,
        "targets": [
            {
                "refId": chr(ord("A") + index),
                "datasource": DATASOURCE,
                "editorMode": "code",
                "expr": query.expr,
                "legendFormat": query.legend,
                "instant": query.instant,
                "range": not query.instant,
            }
            for index, query in enumerate(queries)
        ],
        "fieldConfig": {"defaults": {}, "overrides": []},
    }


def _dashed_objective() -> dict[str, Any]:
    return {
        "matcher": {"id": "byRegexp", "options": "/^objective/"},
        "properties": [
            {"id": "custom.lineStyle", "value": {"fill": "dash", "dash": [10, 10]}},
            {"id": "custom.showPoints", "value": "never"},
            {"id": "color", "value": {"mode": "fixed", "fixedColor": "red"}},
        ],
    }


def _thresholds(steps: Sequence[ThresholdStep]) -> dict[str, Any]:
    return {
        "mode": "absolute",
        "steps": [{"color": step.color, "value": step.value} for step in steps],
    }

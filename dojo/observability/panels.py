"""Grafana's panels as JSON values, each with a title and a text that says what one sees. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "DATASOURCE",
    "Query",
    "Step",
    "arranged",
    "heatmap",
    "line_chart",
    "row",
    "stat",
    "words",
]

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
COLUMNS = 24
Panel = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL query of a panel; `at_once`: one value for the whole range."""

    expr: str
    legend: str
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """From this value on a figure has this color; None: from the bottom."""

    color: str
    value: float | None = None


def row(title: str) -> Panel:
    """A heading over the panels that follow."""
    return {"type": "row", "title": title, "collapsed": False, "panels": []}


def words(title: str, description: str, text: str) -> Panel:
    """A panel of Markdown."""
    return {
        "type": "text",
        "title": title,
        "description": description,
        "options": {"mode": "markdown", "content": text},
    }


def stat(
    title: str,
    description: str,
    queries: Sequence[Query],
    unit: str,
    steps: Sequence[Step] = (),
    decimals: int | None = None,
) -> Panel:
    """Figures of the whole range, large; colored by their steps."""
    panel = _panel("stat", title, description, queries)
    panel["fieldConfig"]["defaults"] = {
        "unit": unit,
        "noValue": "no events",
        **({} if decimals is None else {"decimals": decimals}),
        "color": {"mode": "thresholds"},
        "thresholds": _thresholds(steps or (Step("text"),)),
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
    least: float | None = 0,
    most: float | None = None,
    lines: Sequence[Step] = (),
) -> Panel:
    """Figures over time. A series whose name begins with "objective" is dashed; `lines` are drawn
    across the panel.
    """
    panel = _panel("timeseries", title, description, queries)
    custom: dict[str, Any] = {
        "drawStyle": "line",
        "lineInterpolation": "linear",
        "lineWidth": 1 if stacked else 2,
        "fillOpacity": 40 if stacked else 0,
        "showPoints": "auto",
        "spanNulls": False,
        "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
        "thresholdsStyle": {"mode": "dashed" if lines else "off"},
    }
    panel["fieldConfig"]["defaults"] = {
        "unit": unit,
        **({} if least is None else {"min": least}),
        **({} if most is None else {"max": most}),
        "color": {"mode": "palette-classic"},
        "custom": custom,
        "thresholds": _thresholds((Step("transparent"), *lines) if lines else (Step("green"),)),
    }
    panel["fieldConfig"]["overrides"] = [
        {
            "matcher": {"id": "byRegexp", "options": "/^objective/"},
            "properties": [
                {"id": "custom.lineStyle", "value": {"fill": "dash", "dash": [10, 10]}},
                {"id": "custom.showPoints", "value": "never"},
                {"id": "color", "value": {"mode": "fixed", "fixedColor": "red"}},
            ],
        }
    ]
    panel["options"] = {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    return panel


def heatmap(title: str, description: str, query: Query) -> Panel:
    """A histogram over time: each column a moment, each cell a bucket, the darker the more."""
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


def arranged(lines: Sequence[Sequence[tuple[Panel, int, int]]]) -> list[Panel]:
    """Panels with ids and places, line under line; each is given with its width and height."""
    placed: list[Panel] = []
    y = 0
    for line in lines:
        x = 0
        for panel, width, height in line:
            place: Mapping[str, int] = {"x": x, "y": y, "w": width, "h": height}
            placed.append({"id": len(placed) + 1, **panel, "gridPos": dict(place)})
            x += width
        if x > COLUMNS:
            raise ValueError(f"a line of panels is {x} columns wide, {COLUMNS} are there")
        y += max(height for *_, height in line)
    return placed


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
                "instant": query.at_once,
                "range": not query.at_once,
            }
            for index, query in enumerate(queries)
        ],
        "fieldConfig": {"defaults": {}, "overrides": []},
    }


def _thresholds(steps: Sequence[Step]) -> dict[str, Any]:
    return {
        "mode": "absolute",
        "steps": [{"color": step.color, "value": step.value} for step in steps],
    }

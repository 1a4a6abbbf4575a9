"""Grafana's panels as JSON values: texts, lines, bars and heatmaps. Pure.

It knows Grafana's format and nothing of katas or metrics. Tiles are in tiles.py, places in grid.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    *("COLORS", "NO_DATA", "Panel", "Query", "ThresholdStep", "bars", "heatmap", "line_chart"),
    *("override", "panel_of", "text", "thresholds_of"),
]

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
NO_DATA = "not run yet"
MIN_STEP = "5s"  # between two points
GAP_MS = 15_000  # a shorter gap is joined; over a longer one, as of a pause, no line is drawn
COLORS = {
    "red": "#E02F44",
    "green": "#1A7F4B",
    "grey": "#5A5F69",
    "orange": "#FF9830",
    "yellow": "#F2CC0C",
    "blue": "#5794F2",
    "purple": "#B877D9",
    "brown": "#8F3B2E",
}
Panel = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL query of a panel; `instant`: one value, at the end of the time range."""

    expr: str
    legend: str
    instant: bool = False
    color: str | None = None  # one of COLORS; None: the next one of Grafana's palette
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class ThresholdStep:
    """From this value on, a figure has this color; None: the color below every other step."""

    color: str
    value: float | None = None


def text(title: str, markdown: str) -> Panel:
    """A panel of Markdown; without any it is a heading."""
    return {
        "type": "text",
        "title": title,
        "transparent": not markdown,
        "options": {"mode": "markdown", "content": markdown},
    }


def line_chart(
    title: str,
    description: str,
    queries: Sequence[Query],
    unit: str,
    *,
    stacked: bool = False,
    top: float | None = None,
    thresholds: Sequence[ThresholdStep] = (),
    no_data: str = NO_DATA,
) -> Panel:
    """Figures over time from 0, at least as high as `top`, so that nothing at all looks flat.

    A query with a color has it; a dashed one is a limit, and is not in the legend. `thresholds`
    are drawn across the panel.
    """
    panel = panel_of("timeseries", title, description, queries)
    panel["interval"] = MIN_STEP
    steps = (ThresholdStep("transparent"), *thresholds)
    panel["fieldConfig"]["defaults"] = {
        "unit": unit,
        "min": 0,
        "noValue": no_data,
        "color": {"mode": "palette-classic"},
        "custom": {
            "drawStyle": "line",
            "lineInterpolation": "linear",
            "lineWidth": 1 if stacked else 2,
            "fillOpacity": 40 if stacked else 0,
            "showPoints": "auto",
            "spanNulls": GAP_MS,
            "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
            "thresholdsStyle": {"mode": "dashed" if thresholds else "off"},
            **({} if top is None else {"axisSoftMax": top}),
        },
        "thresholds": thresholds_of(steps),
    }
    panel["fieldConfig"]["overrides"] = _line_styles(panel, queries)
    panel["options"] = _legend_below()
    return panel


def bars(
    title: str,
    description: str,
    queries: Sequence[Query],
    unit: str,
    colors: Mapping[str, str],
) -> Panel:
    """How many in each step of time, stacked; `colors` by what the legend says."""
    panel = panel_of("timeseries", title, description, queries)
    panel["interval"] = MIN_STEP
    panel["fieldConfig"]["defaults"] = {
        "unit": unit,
        "min": 0,
        "noValue": NO_DATA,
        "color": {"mode": "palette-classic"},
        "custom": {
            "drawStyle": "bars",
            "lineWidth": 0,
            "fillOpacity": 90,
            "barWidthFactor": 0.9,
            "stacking": {"mode": "normal", "group": "A"},
            "axisSoftMax": 1,
        },
        "thresholds": thresholds_of((ThresholdStep("transparent"),)),
    }
    panel["fieldConfig"]["overrides"] = [
        override("byName", name, color={"mode": "fixed", "fixedColor": COLORS[color]})
        for name, color in colors.items()
    ]
    panel["options"] = _legend_below()
    return panel


def heatmap(title: str, description: str, query: Query) -> Panel:
    """A histogram over time. A column is a moment, a cell a bucket: the darker, the more events."""
    panel = panel_of("heatmap", title, description, [query])
    panel["interval"] = MIN_STEP
    panel["targets"][0]["format"] = "heatmap"
    panel["fieldConfig"]["defaults"] = {
        "unit": "short",
        "noValue": NO_DATA,
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
        "legend": {"show": False},
        "rowsFrame": {"layout": "le"},
        "tooltip": {"mode": "single", "showColorScale": False, "yHistogram": False},
        "yAxis": {"axisPlacement": "left", "unit": "s", "reverse": False},
    }
    return panel


def panel_of(kind: str, title: str, description: str, queries: Sequence[Query]) -> Panel:
    """A panel of that kind, with its queries."""
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


def _line_styles(panel: Panel, queries: Sequence[Query]) -> list[dict[str, Any]]:
    overrides = []
    for target, query in zip(panel["targets"], queries, strict=True):
        properties: dict[str, Any] = {}
        if query.color is not None:
            properties["color"] = {"mode": "fixed", "fixedColor": COLORS[query.color]}
        if query.dashed:
            properties["custom.lineStyle"] = {"fill": "dash", "dash": [10, 10]}
            properties["custom.showPoints"] = "never"
            properties["custom.lineWidth"] = 1
            properties["custom.hideFrom"] = {"legend": True, "tooltip": False, "viz": False}
        if properties:
            overrides.append(override("byFrameRefID", target["refId"], **properties))
    return overrides


def _legend_below() -> dict[str, Any]:
    return {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }


def override(matcher: str, options: str, **properties: Any) -> dict[str, Any]:
    """What a field that the matcher finds has else than the others."""
    return {
        "matcher": {"id": matcher, "options": options},
        "properties": [{"id": key, "value": value} for key, value in properties.items()],
    }


def thresholds_of(steps: Sequence[ThresholdStep]) -> dict[str, Any]:
    """The steps as a field's thresholds."""
    return {
        "mode": "absolute",
        "steps": [{"color": step.color, "value": step.value} for step in steps],
    }

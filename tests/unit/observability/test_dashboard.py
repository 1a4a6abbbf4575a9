"""The dashboard as Grafana loads it: its schema, and the rules of dashboard linters.

Two rules of such linters are left out on purpose: a variable for `job` and one for `instance`. The
objectives are about the whole site, and the metrics' names tell the app from the load.
"""

import json
import re
from typing import Any

import jsonschema
import pytest
import yaml

from dojo.observability.dashboard import dashboard
from dojo.observability.rules import OBJECTIVE
from dojo.slo.catalog import service_levels
from tests.support.project import ROOT

LEVELS = service_levels(ROOT)
BOARD: dict[str, Any] = json.loads((ROOT / "grafana/dashboards/slo-dojo.json").read_text())
PANELS: list[dict[str, Any]] = BOARD["panels"]
GRAPHS = [panel for panel in PANELS if panel["type"] not in ("row", "text")]
TARGETS = [(panel, target) for panel in GRAPHS for target in panel["targets"]]
UNITS = {"percentunit", "short", "none", "s", "reqps", "ops", "cps"}
KINDS = ("row", "text", "stat", "timeseries", "heatmap")
GAUGES = {"db_client_connection_count"}  # OpenTelemetry's name for a number that goes down, too
COUNTERS = re.compile(r"\b(\w+_(?:total|count|bucket|sum))\b")

# The part of Grafana's dashboard schema (v1, schemaVersion 42) that this dashboard uses, strictly.
SOURCE = {
    "type": "object",
    "required": ["type", "uid"],
    "additionalProperties": False,
    "properties": {"type": {"const": "prometheus"}, "uid": {"const": "${datasource}"}},
}
TARGET = {
    "type": "object",
    "required": ["refId", "datasource", "expr", "legendFormat", "instant", "range"],
    "additionalProperties": False,
    "properties": {
        "refId": {"type": "string", "pattern": "^[A-Z]$"},
        "datasource": SOURCE,
        "editorMode": {"enum": ["code", "builder"]},
        "expr": {"type": "string", "minLength": 1},
        "legendFormat": {"type": "string", "minLength": 1},
        "format": {"enum": ["time_series", "table", "heatmap"]},
        "instant": {"type": "boolean"},
        "range": {"type": "boolean"},
    },
}
STEPS = {
    "type": "object",
    "required": ["mode", "steps"],
    "additionalProperties": False,
    "properties": {
        "mode": {"enum": ["absolute", "percentage"]},
        "steps": {
            "type": "array",
            "minItems": 1,
            "prefixItems": [{"properties": {"value": {"type": "null"}}}],
            "items": {
                "required": ["color", "value"],
                "properties": {"color": {"type": "string"}, "value": {"type": ["number", "null"]}},
            },
        },
    },
}
FIELDS = {
    "type": "object",
    "required": ["defaults", "overrides"],
    "additionalProperties": False,
    "properties": {
        "defaults": {
            "type": "object",
            "required": ["unit"],
            "properties": {"unit": {"enum": sorted(UNITS)}, "thresholds": STEPS},
        },
        "overrides": {
            "type": "array",
            "items": {"type": "object", "required": ["matcher", "properties"]},
        },
    },
}
PANEL = {
    "type": "object",
    "required": ["id", "type", "title", "gridPos"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "type": {"enum": list(KINDS)},
        "title": {"type": "string", "minLength": 1},
        "description": {"type": "string", "minLength": 20},
        "datasource": SOURCE,
        "targets": {"type": "array", "minItems": 1, "items": TARGET},
        "fieldConfig": FIELDS,
        "options": {"type": "object"},
        "collapsed": {"const": False},
        "panels": {"type": "array", "maxItems": 0},
        "gridPos": {
            "type": "object",
            "required": ["x", "y", "w", "h"],
            "additionalProperties": False,
            "properties": {
                "x": {"type": "integer", "minimum": 0, "maximum": 23},
                "y": {"type": "integer", "minimum": 0},
                "w": {"type": "integer", "minimum": 1, "maximum": 24},
                "h": {"type": "integer", "minimum": 1},
            },
        },
    },
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["uid", "title", "schemaVersion", "panels", "templating", "time", "refresh"],
    "additionalProperties": False,
    "properties": {
        "uid": {"const": "slo-dojo"},
        "title": {"type": "string"},
        "description": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "schemaVersion": {"const": 42},
        "version": {"type": "integer"},
        "editable": {"const": False},
        "graphTooltip": {"enum": [0, 1, 2]},
        "time": {"type": "object", "required": ["from", "to"]},
        "timepicker": {"type": "object"},
        "timezone": {"enum": ["browser", "utc"]},
        "refresh": {"type": "string", "pattern": "^[0-9]+[smh]$"},
        "links": {"type": "array"},
        "annotations": {"type": "object", "required": ["list"]},
        "templating": {"type": "object", "required": ["list"]},
        "panels": {"type": "array", "minItems": 10, "items": PANEL},
    },
}

# Grafana ignores an option that it does not know. These are the ones of its own schema.
OPTIONS = {
    "text": {"mode", "content", "code"},
    "stat": {
        *("colorMode", "graphMode", "justifyMode", "orientation", "percentChangeColorMode"),
        *("reduceOptions", "showPercentChange", "text", "textMode", "wideLayout"),
    },
    "timeseries": {"legend", "orientation", "timezone", "tooltip"},
    "heatmap": {
        *("calculate", "calculation", "cellGap", "cellRadius", "cellValues", "color", "exemplars"),
        *("filterValues", "legend", "rowsFrame", "selectionMode", "showValue", "tooltip", "yAxis"),
    },
}
CUSTOM = {
    "timeseries": {
        *("axisBorderShow", "axisCenteredZero", "axisColorMode", "axisGridShow", "axisLabel"),
        *("axisPlacement", "axisSoftMax", "axisSoftMin", "axisWidth", "barAlignment"),
        *("barMaxWidth", "barWidthFactor", "drawStyle", "fillBelowTo", "fillColor", "fillOpacity"),
        *("gradientMode", "hideFrom", "insertNulls", "lineColor", "lineInterpolation"),
        *("lineStyle", "lineWidth", "pointColor", "pointSize", "pointSymbol"),
        *("scaleDistribution", "showPoints", "spanNulls", "stacking", "thresholdsStyle"),
        "transform",
    },
    "heatmap": {"hideFrom", "scaleDistribution"},
}
FIELD = {
    *("actions", "color", "custom", "decimals", "description", "displayName", "fieldMinMax"),
    *("filterable", "links", "mappings", "max", "min", "noValue", "thresholds", "unit"),
}


def test_grafana_can_read_it() -> None:
    """It has every field that the schema requires, and none that the schema does not know."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(BOARD, SCHEMA)


def test_the_schema_refuses_a_wrong_unit() -> None:
    """A panel with an empty unit, or with one that Grafana does not know, is refused."""
    for unit in ("", "furlongs"):
        broken = json.loads(json.dumps(BOARD))
        next(p for p in broken["panels"] if p["type"] == "stat")["fieldConfig"]["defaults"][
            "unit"
        ] = unit
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, SCHEMA)


def test_every_option_is_one_of_grafanas() -> None:
    """No panel has an option, or a field's option, that its kind of panel would ignore."""
    for panel in PANELS:
        if panel["type"] == "row":
            continue
        defaults = panel.get("fieldConfig", {}).get("defaults", {})
        assert set(panel["options"]) <= OPTIONS[panel["type"]], panel["title"]
        assert set(defaults) <= FIELD, panel["title"]
        assert set(defaults.get("custom", {})) <= CUSTOM.get(panel["type"], set()), panel["title"]


def test_the_data_source_can_be_chosen() -> None:
    """One variable names the data source, and every panel and every query uses it."""
    variables = BOARD["templating"]["list"]
    assert [(v["name"], v["type"], v["query"]) for v in variables] == [
        ("datasource", "datasource", "prometheus")
    ]
    provisioned = yaml.safe_load(
        (ROOT / "grafana/provisioning/datasources/prometheus.yml").read_text()
    )
    assert variables[0]["current"]["value"] == provisioned["datasources"][0]["uid"]
    for panel, target in TARGETS:
        assert (
            panel["datasource"]
            == target["datasource"]
            == {
                "type": "prometheus",
                "uid": "${datasource}",
            }
        )


def test_every_panel_is_described() -> None:
    """Each panel has a title and a description in full sentences."""
    for panel in PANELS:
        if panel["type"] != "row":
            assert panel["title"][0].isupper(), panel["title"]
            assert panel["description"].endswith("."), panel["title"]


def test_a_title_is_unique_in_its_row() -> None:
    """Titles repeat only on different lines, such as those of a kata's objectives."""
    seen: set[tuple[str, int, str]] = set()
    row = ""
    for panel in PANELS:
        row = panel["title"] if panel["type"] == "row" else row
        key = (row, panel["gridPos"]["y"], panel["title"])
        assert key not in seen, key
        seen.add(key)


def test_panels_do_not_overlap() -> None:
    """Ids are unique, and every panel has its own cells of the 24 columns."""
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    taken: set[tuple[int, int]] = set()
    for panel in PANELS:
        position = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(position["x"], position["x"] + position["w"])
            for y in range(position["y"], position["y"] + position["h"])
        }
        assert max(x for x, _ in cells) < 24, panel["title"]
        assert not cells & taken, panel["title"]
        taken |= cells


def test_rates_have_an_interval_that_suits() -> None:
    """A query over time has $__rate_interval, one for a single figure $__range."""
    windows = 0
    for panel, target in TARGETS:
        for window in re.findall(r"\[([^\]]+)\]", target["expr"]):
            windows += 1
            expected = "$__range" if target["instant"] else "$__rate_interval"
            assert window == expected, f"{panel['title']}: {target['expr']}"
    assert windows > len(GRAPHS)


def test_counters_are_queried_for_their_growth() -> None:
    """A counter stands within rate or increase: its bare value depends on its process' age."""
    for panel, target in TARGETS:
        for match in COUNTERS.finditer(target["expr"]):
            if match[1] in GAUGES:
                continue
            before, after = target["expr"][: match.start()], target["expr"][match.end() :]
            assert re.search(r"(rate|increase)\($", before), f"{panel['title']}: {target['expr']}"
            assert re.match(r"(\{[^}]*\})?\[", after), f"{panel['title']}: {target['expr']}"


def test_nothing_is_divided_by_zero() -> None:
    """Divisors that can be 0 are filtered, and percentiles without events: no query gives NaN."""
    for panel, target in TARGETS:
        expr = target["expr"]
        for divisor in re.findall(r"\) / (.{3})", expr):
            assert divisor in ("(su", "(1 ", "(ra"), f"{panel['title']}: {expr}"
        if re.search(r"/ \((sum|rate)", expr):
            assert "> 0)" in expr, f"{panel['title']}: {expr}"
        if "histogram_quantile" in expr:
            assert expr.endswith(">= 0"), f"{panel['title']}: {expr}"
            assert "by (le)" in expr, f"{panel['title']}: {expr}"


def test_queries_of_a_panel_differ() -> None:
    """Each query has its own letter and its own name in the legend."""
    for panel in GRAPHS:
        for key in ("refId", "legendFormat"):
            values = [target[key] for target in panel["targets"]]
            assert len(set(values)) == len(values), panel["title"]


@pytest.mark.parametrize("kata", LEVELS)
def test_objectives_and_panels_agree(kata: str) -> None:
    """Each objective has a line of figures, counted and colored as slo.yaml says."""
    rows = [panel["title"] for panel in PANELS if panel["type"] == "row"]
    assert f"{kata}: {LEVELS[kata].title}" in rows
    for objective in LEVELS[kata].objectives:
        objective_panel = next(
            p for p in PANELS if p["title"] == f"Objective: {objective.display_name}"
        )
        line = {
            p["title"]: p for p in PANELS if p["gridPos"]["y"] == objective_panel["gridPos"]["y"]
        }
        assert (
            f'{OBJECTIVE}{{kata="{kata}",slo="{objective.name}"}}'
            in objective_panel["targets"][0]["expr"]
        )
        for title in ("SLI", "Good and total", "Budget left", "Burn rate"):
            queries = " ".join(target["expr"] for target in line[title]["targets"])
            assert objective.good in queries
            assert objective.total in queries
        steps = line["SLI"]["fieldConfig"]["defaults"]["thresholds"]["steps"]
        assert steps[-1] == {"color": "green", "value": objective.target}
        for title in ("Budget left", "Burn rate"):
            divisors = re.findall(r"\(1 - (0\.\d+)\)", line[title]["targets"][0]["expr"])
            assert [float(text) for text in divisors] == [objective.target]


def test_an_added_kata_is_an_added_row() -> None:
    """Each kata gets a row of its own, without any change of code."""
    level = LEVELS["01-latency"]
    board = dashboard({"08-one": level, "09-two": level})
    rows = [panel["title"] for panel in board["panels"] if panel["type"] == "row"]
    assert rows[:2] == [f"08-one: {level.title}", f"09-two: {level.title}"]
    assert not any("01-latency" in json.dumps(panel) for panel in board["panels"][1:])

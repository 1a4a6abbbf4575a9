"""The dashboard as Grafana loads it: its schema, and what a linter of dashboards asks for.

Two rules of such linters are left out on purpose: a variable for `job` and one for `instance`. The
promises are about the whole site, and the counters' names already tell the app from the load.
"""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from dojo.observability.dashboard import dashboard
from dojo.observability.rules import OBJECTIVE
from dojo.slo.catalog import service_levels
from tests.support.project import ROOT
from tests.support.prometheus import as_grafana, promtool

__all__ = ["promtool"]

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


def test_grafana_can_read_it() -> None:
    """It has what the schema asks for, and nothing that the schema does not know."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(BOARD, SCHEMA)


def test_the_schema_notices_what_is_wrong() -> None:
    """A panel without a unit, or with one that Grafana does not know, is refused."""
    for spoil in ("", "furlongs"):
        broken = json.loads(json.dumps(BOARD))
        next(p for p in broken["panels"] if p["type"] == "stat")["fieldConfig"]["defaults"][
            "unit"
        ] = spoil
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, SCHEMA)


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


def test_every_panel_teaches() -> None:
    """Each has a title and a text that says what one sees."""
    for panel in PANELS:
        if panel["type"] != "row":
            assert panel["title"][0].isupper(), panel["title"]
            assert panel["description"].endswith("."), panel["title"]


def test_a_title_is_unique_in_its_row() -> None:
    """Two panels of one name can't be told apart; a kata's objectives repeat theirs by line."""
    seen: set[tuple[str, int, str]] = set()
    row = ""
    for panel in PANELS:
        row = panel["title"] if panel["type"] == "row" else row
        key = (row, panel["gridPos"]["y"], panel["title"])
        assert key not in seen, key
        seen.add(key)


def test_panels_stand_beside_each_other() -> None:
    """Ids are unique, nothing overlaps, and nothing sticks out at the right."""
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    taken: set[tuple[int, int]] = set()
    for panel in PANELS:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert max(x for x, _ in cells) < 24, panel["title"]
        assert not cells & taken, panel["title"]
        taken |= cells


def test_rates_have_an_interval_that_suits() -> None:
    """Over time it is $__rate_interval, for one figure of the range $__range; none is fixed."""
    found = 0
    for panel, target in TARGETS:
        for window in re.findall(r"\[([^\]]+)\]", target["expr"]):
            found += 1
            wanted = "$__range" if target["instant"] else "$__rate_interval"
            assert window == wanted, f"{panel['title']}: {target['expr']}"
    assert found > len(GRAPHS)


def test_counters_are_asked_for_their_growth() -> None:
    """A counter's bare value depends on when its process began; rate, increase or alike do not."""
    for panel, target in TARGETS:
        for match in COUNTERS.finditer(target["expr"]):
            if match[1] in GAUGES:
                continue
            before, after = target["expr"][: match.start()], target["expr"][match.end() :]
            assert re.search(r"(rate|increase)\($", before), f"{panel['title']}: {target['expr']}"
            assert re.match(r"(\{[^}]*\})?\[", after), f"{panel['title']}: {target['expr']}"


def test_a_quotient_has_no_zero_below() -> None:
    """Nothing is divided by what may be 0, and no percentile is shown of nothing: no NaN."""
    for panel, target in TARGETS:
        expr = target["expr"]
        for below in re.findall(r"\) / (.{3})", expr):
            assert below in ("(su", "(1 ", "(ra"), f"{panel['title']}: {expr}"
        if re.search(r"/ \((sum|rate)", expr):
            assert "> 0)" in expr, f"{panel['title']}: {expr}"
        if "histogram_quantile" in expr:
            assert expr.endswith(">= 0"), f"{panel['title']}: {expr}"
            assert "by (le)" in expr, f"{panel['title']}: {expr}"


def test_queries_of_a_panel_can_be_told_apart() -> None:
    """Each has its own letter and its own name in the legend."""
    for panel in GRAPHS:
        for key in ("refId", "legendFormat"):
            values = [target[key] for target in panel["targets"]]
            assert len(set(values)) == len(values), panel["title"]


def test_every_query_is_promql(promtool: str, tmp_path: Path) -> None:
    """Prometheus' own parser takes every query, with Grafana's variables replaced."""
    rules = [
        {"record": f"panel:query:{at}", "expr": as_grafana(target["expr"], 900)}
        for at, (_, target) in enumerate(TARGETS)
    ]
    path = tmp_path / "queries.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    done = subprocess.run([promtool, "check", "rules", str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(rules)} rules found" in done.stdout


@pytest.mark.parametrize("kata", LEVELS)
def test_promise_and_panels_agree(kata: str) -> None:
    """Each objective has its line of figures, which count and color as slo.yaml says."""
    rows = [panel["title"] for panel in PANELS if panel["type"] == "row"]
    assert f"{kata}: {LEVELS[kata].title}" in rows
    for objective in LEVELS[kata].objectives:
        named = next(p for p in PANELS if p["title"] == f"Objective: {objective.display_name}")
        line = {p["title"]: p for p in PANELS if p["gridPos"]["y"] == named["gridPos"]["y"]}
        assert f'{OBJECTIVE}{{kata="{kata}",slo="{objective.name}"}}' in named["targets"][0]["expr"]
        for title in ("SLI", "Good and total", "Budget left", "Burn rate"):
            told = " ".join(target["expr"] for target in line[title]["targets"])
            assert objective.good in told
            assert objective.total in told
        steps = line["SLI"]["fieldConfig"]["defaults"]["thresholds"]["steps"]
        assert steps[-1] == {"color": "green", "value": objective.target}
        for title in ("Budget left", "Burn rate"):
            divisors = re.findall(r"\(1 - (0\.\d+)\)", line[title]["targets"][0]["expr"])
            assert [float(text) for text in divisors] == [objective.target]


def test_an_added_kata_is_an_added_row() -> None:
    """Whatever katas there are, each has a row, and nothing else is to be done for it."""
    level = LEVELS["01-latency"]
    board = dashboard({"08-one": level, "09-two": level})
    rows = [panel["title"] for panel in board["panels"] if panel["type"] == "row"]
    assert rows[:2] == [f"08-one: {level.title}", f"09-two: {level.title}"]
    assert not any("01-latency" in json.dumps(panel) for panel in board["panels"][1:])

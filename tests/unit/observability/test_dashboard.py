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
from dojo.observability.kata_panels import LAST_MINUTE_TITLE
from dojo.observability.panels import COLORS
from dojo.observability.rules import OBJECTIVE
from dojo.observability.verdicts import CODES, good_ratio_of
from dojo.slo.catalog import service_levels
from tests.support.grafana_schema import CUSTOM, FIELD, OPTIONS, SCHEMA
from tests.support.project import ROOT

LEVELS = service_levels(ROOT)
BOARD: dict[str, Any] = json.loads((ROOT / "grafana/dashboards/slo-dojo.json").read_text())
PANELS: list[dict[str, Any]] = [
    panel for outer in BOARD["panels"] for panel in (outer, *outer.get("panels", ()))
]
ROWS = [panel for panel in PANELS if panel["type"] == "row"]
GRAPHS = [panel for panel in PANELS if panel["type"] not in ("row", "text")]
TARGETS = [(panel, target) for panel in GRAPHS for target in panel["targets"]]
GAUGES = {"db_client_connection_count"}  # OpenTelemetry's name for a number that goes down, too
COUNTERS = re.compile(r"\b(\w+_(?:total|count|bucket|sum))\b")


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
    for panel in GRAPHS:
        assert panel["title"][:1].isupper() or panel["title"][:1].isdigit(), panel["title"]
        assert panel["description"].endswith("."), panel["title"]


def test_a_title_is_unique_in_its_column() -> None:
    """No two panels of a kata, or of what is folded, have one title."""
    for column in (*columns(BOARD).values(), [p for row in ROWS for p in row["panels"]]):
        titles = [panel["title"] for panel in column if panel["title"]]
        assert len(set(titles)) == len(titles), titles


def test_panels_do_not_overlap() -> None:
    """Ids are unique, and every panel has its own cells of the 24 columns."""
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    for panels in (BOARD["panels"], *(row["panels"] for row in ROWS)):
        taken: set[tuple[int, int]] = set()
        for panel in panels:
            position = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(position["x"], position["x"] + position["w"])
                for y in range(position["y"], position["y"] + position["h"])
            }
            assert max(x for x, _ in cells) < 24, panel["title"]
            assert not cells & taken, panel["title"]
            taken |= cells


def test_the_verdicts_are_on_the_first_screen() -> None:
    """On a screen of 600 pixels stand all verdicts and the top of each last minute, no row."""
    first = [p for p in BOARD["panels"] if 38 * (p["gridPos"]["y"] + 3) <= 600]
    assert not [panel for panel in first if panel["type"] == "row"]
    assert len([p for p in first if p["type"] == "stat"]) == sum(
        len(level.objectives) for level in LEVELS.values()
    )
    assert len([p for p in first if p["title"] == LAST_MINUTE_TITLE]) == len(LEVELS)


def test_it_has_few_panels() -> None:
    """At most 25, of which the rest of the site is folded away."""
    assert len([panel for panel in PANELS if panel["type"] != "row"]) <= 25


def test_windows_suit_what_is_shown() -> None:
    """One figure is of the whole range; a plot counts each event once, or has windows of 30 s."""
    windows = 0
    for panel, target in TARGETS:
        for window in re.findall(r"\[([^\]]+)\]", target["expr"]):
            windows += 1
            allowed = {"$__range"} if target["instant"] else {"30s", "1m", "$__interval"}
            assert window in allowed, f"{panel['title']}: {target['expr']}"
            if window == "$__interval":
                assert "increase(" in target["expr"]
                assert panel["interval"] == "5s"
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
    """Each objective has a tile of its own, and a line beside its target in the same color."""
    column = columns(BOARD)[kata.partition("-")[0]]
    (line,) = (panel for panel in column if panel["title"] == LAST_MINUTE_TITLE)
    colors = {
        override["matcher"]["options"]: property_["value"]["fixedColor"]
        for override in line["fieldConfig"]["overrides"]
        for property_ in override["properties"]
        if property_["id"] == "color"
    }
    by_expr = {target["expr"]: colors[target["refId"]] for target in line["targets"]}
    assert len(set(colors.values())) == len(LEVELS[kata].objectives)
    for objective in LEVELS[kata].objectives:
        (tile,) = (panel for panel in column if panel["title"] == objective.display_name)
        labels = f'journey="{objective.journey}",slo="{objective.name}"'
        assert all(labels in target["expr"] for target in tile["targets"])
        target = f'{OBJECTIVE}{{kata="{kata}",slo="{objective.name}"}}'
        good = good_ratio_of(objective.journey, objective.name)
        (share,) = (expr for expr in by_expr if good in expr)
        assert by_expr[share] == by_expr[target]


def test_a_tile_has_no_color_without_data() -> None:
    """Grey is the color below every step, and only NOT MET is red, only MET is green."""
    tiles = [panel for panel in PANELS if panel["type"] == "stat"]
    for tile in tiles:
        defaults = tile["fieldConfig"]["defaults"]
        assert [step["color"] for step in defaults["thresholds"]["steps"]] == [COLORS["grey"]]
        (mapping,) = (
            property_["value"][0]
            for override in tile["fieldConfig"]["overrides"]
            for property_ in override["properties"]
            if property_["id"] == "mappings"
        )
        words = {each["text"]: each["color"] for each in mapping["options"].values()}
        assert len(words) == len(CODES)
        for word, color in words.items():
            of_word = {"NOT MET": "red", "MET": "green"}
            assert color == COLORS[of_word.get(word, "grey")], word
    assert tiles


def test_an_added_kata_is_an_added_column() -> None:
    """Each kata gets a column of its own, without any change of code; the fourth stands below."""
    level = LEVELS["01-latency"]
    names = [f"0{number}-kata" for number in range(1, 6)]
    board = dashboard(dict.fromkeys(names, level))
    assert list(columns(board)) == [name.partition("-")[0] for name in names]
    places = [column[0]["gridPos"] for column in columns(board).values()]
    assert [(place["x"], place["y"] > 0) for place in places] == [
        *((0, False), (8, False), (16, False)),
        *((0, True), (8, True)),
    ]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**board, "panels": []}, SCHEMA)
    jsonschema.validate(board, SCHEMA)


def columns(board: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The panels of each kata, by its number, from its heading down, in the order of the board."""
    found: dict[str, list[dict[str, Any]]] = {}
    current: dict[int, str] = {}
    for panel in board["panels"]:
        if panel["type"] == "row":
            break
        x = panel["gridPos"]["x"]
        if panel["type"] == "text":
            current[x] = panel["title"].split(":")[0]
            found[current[x]] = []
        found[current[x]].append(panel)
    return found

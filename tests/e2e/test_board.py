"""The proof of the dashboard: a real Prometheus scrapes real runs, and every query finds data."""

import json
import math
import subprocess
import sys
import time
from os import environ
from pathlib import Path
from typing import Any

import pytest

from dojo.observability.exporter import METRIC
from dojo.observability.rules import BAD_RATIO
from dojo.slo.catalog import service_levels
from tests.support.project import ROOT
from tests.support.prometheus import Prometheus, as_grafana, running

RUNS_AT_MOST = 3
# Prometheus extrapolates a counter's growth to the ends of a range, by at most 1.1 times the mean
# distance of two scrapes at each end; a ratio of two counters is extrapolated alike.
EXTRAPOLATED = 2 * 1.1
RATIOS_AGREE = 0.02  # absolute
SLOW_RULES_S = 15.0
LAG = "shop_event_loop_lag_seconds"


@pytest.mark.long
def test_every_query_finds_what_the_grader_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the shipped app each panel and each rule has data, no NaN, and the grader's figures."""
    board = json.loads((ROOT / "grafana/dashboards/slo-dojo.json").read_text())
    told: list[str] = []
    (tmp_path / "state").mkdir()
    (tmp_path / ".dojo").symlink_to("state")
    with running(tmp_path) as prometheus:
        began_s = time.time()
        for kata in service_levels(ROOT):
            kata_began_s = time.time()
            report = run(kata, tmp_path / "state", prometheus)
            told += agreement(prometheus, kata, report, kata_began_s, time.time())
        await_slow_rules(prometheus)
        ended_s = time.time() + 1  # a range is asked for in steps of a second
        told += every_panel(prometheus, board, began_s, ended_s)
        told += every_rule(prometheus, began_s, ended_s)
        assert prometheus.at(as_grafana("max_over_time(up[$__range])", ended_s - began_s), ended_s)
    with capsys.disabled():
        print("\n" + "\n".join(told))


def await_slow_rules(prometheus: Prometheus) -> None:
    """The rules with real windows are evaluated every 15 s, which may be after the last run."""
    wanted = sum(len(level.objectives) for level in service_levels(ROOT).values())
    until = time.monotonic() + 2 * SLOW_RULES_S
    while len(prometheus.at(f"{BAD_RATIO}5m", time.time())) < wanted:
        assert time.monotonic() < until, "the rules with real windows were not evaluated"
        time.sleep(0.2)


def run(kata: str, state: Path, prometheus: Prometheus) -> dict[str, Any]:
    """The kata on the shipped app, again while the run says nothing; its latest.json."""
    for _ in range(RUNS_AT_MOST):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", f"katas/{kata}"],
            cwd=ROOT,
            env={
                **environ,
                "DOJO_POSTGRES": "embedded",
                "DOJO_STATE": str(state),
                "DOJO_PROMETHEUS_PORT": prometheus.base_url.rsplit(":", 1)[1],
            },
            capture_output=True,
            text=True,
            timeout=300,
        )
        latest = state / "reports" / kata / "latest.json"
        assert latest.is_file(), done.stdout + done.stderr
        report: dict[str, Any] = json.loads(latest.read_text())
        if report["verdict"] != "invalid":
            break
    assert report["verdict"] == "not_met", done.stdout + done.stderr
    left = list((state / "prometheus" / "targets").iterdir())
    assert left == [], "targets outlive the run"
    return report


def agreement(
    prometheus: Prometheus, kata: str, report: dict[str, Any], began_s: float, ended_s: float
) -> list[str]:
    """The dashboard's figures of this run beside the grader's; what was compared."""
    board = json.loads((ROOT / "grafana/dashboards/slo-dojo.json").read_text())
    level = service_levels(ROOT)[kata]
    told = []
    for objective, held in zip(level.objectives, report["objectives"], strict=True):
        shown = standing(board, kata, objective.display_name)
        range_s = ended_s - began_s

        def value(expr: str, range_s: float = range_s) -> float:
            found = prometheus.at(as_grafana(expr, range_s), ended_s)
            assert len(found) == 1, f"{expr}: {found}"
            return float(found[0]["values"][0])

        by_visitors = value((shown.get("As visitors felt it") or shown["SLI"])[0])
        by_promise = value(shown["SLI"][0])
        burn, left = value(shown["Burn rate"][0]), value(shown["Budget left"][0])
        exactly = {"kata": kata, "journey": objective.journey}
        chosen = ",".join(f'{name}="{text}"' for name, text in exactly.items())
        total = value(f"sum(last_over_time({METRIC}_count{{{chosen}}}[$__range]))")
        edge = f'outcome="right",le="{objective.threshold_s!r}"'
        good = value(f"sum(last_over_time({METRIC}_bucket{{{chosen},{edge}}}[$__range]))")
        grown = value(f"sum(increase({METRIC}_count{{{chosen}}}[$__range]))")
        scrapes = value(f"max(count_over_time({METRIC}_count{{{chosen}}}[$__range]))")
        told.append(
            f"{kata} {objective.display_name}: grader {held['good']} / {held['total']}"
            f" = {held['sli']:.4f}; Prometheus {good:.0f} / {total:.0f} = {by_visitors:.4f}"
            f" (extrapolated total {grown:.1f}), by the promise {by_promise:.4f},"
            f" burn rate {burn:.2f}, budget left {left:.2%}"
        )
        assert (good, total) == (held["good"], held["total"]), told[-1]
        assert 0.99 <= grown / total <= 1 + EXTRAPOLATED / (scrapes - 1), (told[-1], scrapes)
        assert by_visitors == pytest.approx(held["sli"], abs=RATIOS_AGREE), told[-1]
        assert burn == pytest.approx((1 - by_promise) / (1 - objective.target), rel=1e-6)
        assert left == pytest.approx(1 - burn, abs=1e-6), told[-1]
        assert value(shown[f"Objective: {objective.display_name}"][0]) == objective.target
        if held["verdict"] == "not_met":
            assert by_promise < objective.target, told[-1]
    first = level.objectives[0]
    assert report["objectives"][0]["verdict"] == "not_met"
    shown = standing(board, kata, first.display_name)
    burn = value(shown["Burn rate"][0])
    assert burn > 2, f"very clearly not meeting: {told}"
    assert value(shown["Budget left"][0]) < -1, told
    fired = prometheus.at(
        f'max_over_time(ALERTS{{alertname="ErrorBudgetBurnInBurst",alertstate="firing",'
        f'kata="{kata}",slo="{first.name}"}}[{round(ended_s - began_s)}s])',
        ended_s,
    )
    assert fired, f"no alert within the burst: {told}"
    return told


def standing(board: dict[str, Any], kata: str, objective: str) -> dict[str, list[str]]:
    """The queries of the line of figures of one objective, by the panels' titles."""
    found: dict[str, list[str]] = {}
    inside = False
    line: int | None = None
    for panel in board["panels"]:
        if panel["type"] == "row":
            inside, line = panel["title"].startswith(f"{kata}: "), None
        elif inside and panel["title"] == f"Objective: {objective}":
            line = panel["gridPos"]["y"]
        if inside and line is not None and panel["gridPos"]["y"] == line:
            found[panel["title"]] = [target["expr"] for target in panel["targets"]]
    return found


def every_panel(
    prometheus: Prometheus, board: dict[str, Any], began_s: float, ended_s: float
) -> list[str]:
    """Run each query of each panel as Grafana would; all must find figures."""
    told, empty = [], []
    tells_lag = "loop_lag" in (ROOT / "app" / "main.py").read_text()
    for panel in board["panels"]:
        if panel["type"] == "row":
            told.append(f"\n== {panel['title']}")
        for target in panel.get("targets", ()):
            if LAG in target["expr"] and not tells_lag:
                continue
            expr = as_grafana(target["expr"], ended_s - began_s)
            if target["instant"]:
                found = prometheus.at(expr, ended_s)
            else:
                found = prometheus.over(expr, began_s, ended_s)
            values = [value for series in found for value in series["values"]]
            assert all(map(math.isfinite, values)), f"{panel['title']}: {expr}: {values}"
            if not values:
                empty.append(f"{panel['title']}: {expr}")
                continue
            figures = f"{values[-1]:.4g}" if len(values) == 1 else f"{len(found)} series, "
            if len(values) > 1:
                figures += f"{len(values)} values from {min(values):.4g} to {max(values):.4g}"
            told.append(f"{panel['title']} · {target['legendFormat']}: {figures}\n    {expr}")
    assert empty == [], "no data for:\n" + "\n".join(empty)
    return told


def every_rule(prometheus: Prometheus, began_s: float, ended_s: float) -> list[str]:
    """Each rule was evaluated without an error, and its expression finds figures."""
    told = ["\n== Rules"]
    rules = prometheus.rules()
    levels = service_levels(ROOT)
    assert len(rules) >= 10 * sum(len(level.objectives) for level in levels.values())
    for rule in rules:
        assert (rule["health"], rule.get("lastError", "")) == ("ok", ""), rule
        found = prometheus.over(rule["query"], began_s, ended_s)
        values = [value for series in found for value in series["values"]]
        assert all(map(math.isfinite, values)), rule
        labels = rule["labels"]
        if rule["type"] == "recording":
            assert values, f"{rule['name']} of {labels['slo']} has no data: {rule['query']}"
            if rule["name"].startswith(BAD_RATIO):
                assert 0 <= min(values) <= max(values) <= 1, rule
        shown = f"{min(values):.4g} to {max(values):.4g}" if values else "quiet"
        told.append(f"{rule['name']} {labels['slo']} {labels.get('windows', '')}: {shown}")
    return told

"""The dashboard on real data: a Prometheus scrapes real runs, and the board says what they say."""

import json
import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from os import environ
from pathlib import Path
from typing import Any

import pytest

from dojo.cli.export import alert_policies
from dojo.observability.alert_rules import HISTORY
from dojo.observability.exporter import METRIC
from dojo.observability.kata_panels import LAST_MINUTE_TITLE
from dojo.observability.promql import selector
from dojo.observability.rules import BAD_RATIO_1H
from dojo.observability.verdicts import BAD_EVENTS, BUDGET_EVENTS, CODES, GOOD_RATIO, good_ratio_of
from dojo.slo.catalog import service_levels
from dojo.slo.openslo import Objective
from tests.support.kata_run import SessionResult, undisturbed
from tests.support.project import ROOT
from tests.support.prometheus import Prometheus, as_grafana, running

# Prometheus extrapolates a counter's growth to the ends of a range, by at most 1.1 times the mean
# distance of two scrapes at each end; a ratio of two counters is extrapolated alike.
EXTRAPOLATED = 2 * 1.1
SLOW_RULES_S = 60.0


@pytest.fixture
def prometheus(tmp_path: Path) -> Iterator[Prometheus]:
    """It scrapes the runs whose state is in `tmp_path`/state."""
    (tmp_path / "state").mkdir()
    (tmp_path / ".dojo").symlink_to("state")
    with running(tmp_path) as prometheus:
        yield prometheus


def test_every_query_agrees_with_the_grader(
    tmp_path: Path, prometheus: Prometheus, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the shipped app, panels and rules have data, no NaN, and the figures of the report.

    Without data no tile is red or green, and no alert claims more history than there is.
    """
    board = json.loads((ROOT / "grafana/dashboards/slo-dojo.json").read_text())
    log: list[str] = []
    assert_grey_without_data(prometheus, board)
    began_s = time.time()
    for kata in service_levels(ROOT):
        report, kata_began_s = run_kata(kata, tmp_path / "state", prometheus)
        log += compare_figures(prometheus, board, kata, report, kata_began_s, time.time())
    await_slow_rules(prometheus)
    ended_s = time.time() + 1  # a range query has steps of a second
    log += check_panels(prometheus, board, began_s, ended_s)
    assert_no_claim_of_history(prometheus, began_s, ended_s)
    log += check_rules(prometheus, began_s, ended_s)
    assert prometheus.at(as_grafana("max_over_time(up[$__range])", ended_s - began_s), ended_s)
    with capsys.disabled():
        print("\n" + "\n".join(log))


def await_slow_rules(prometheus: Prometheus) -> None:
    """The rules of alerts are evaluated once a minute, which may be after the last run."""
    objectives = sum(len(level.objectives) for level in service_levels(ROOT).values())
    until = time.monotonic() + 3 * SLOW_RULES_S
    while len(prometheus.at(BAD_RATIO_1H, time.time())) < objectives or any(
        rule["health"] == "unknown" for rule in prometheus.rules()
    ):
        assert time.monotonic() < until, "the rules of alerts were not evaluated"
        time.sleep(0.2)


def run_kata(kata: str, state: Path, prometheus: Prometheus) -> tuple[dict[str, Any], float]:
    """Run the kata on the shipped app; latest.json, and the Unix time when that run began."""
    began_s = 0.0

    def run() -> SessionResult:
        nonlocal began_s
        began_s = time.time()
        process = subprocess.run(
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
        output = process.stdout + process.stderr
        latest = state / "reports" / kata / "latest.json"
        assert latest.is_file(), output
        reports = {kata: json.loads(latest.read_text())}
        return SessionResult(process.returncode, output, reports)

    result = undisturbed(run)
    assert result.report is not None
    assert result.report["verdict"] == "not_met", result.output
    targets = list((state / "prometheus" / "targets").iterdir())
    assert targets == [], "targets outlive the run"
    return result.report, began_s


def compare_figures(
    prometheus: Prometheus,
    board: dict[str, Any],
    kata: str,
    report: dict[str, Any],
    began_s: float,
    ended_s: float,
) -> list[str]:
    """Compare the dashboard's figures of one run with its report; a line for each objective."""
    level = service_levels(ROOT)[kata]
    log = []

    def value(expr: str) -> float:
        series = prometheus.at(as_grafana(expr, ended_s - began_s), ended_s)
        assert len(series) == 1, f"{expr}: {series}"
        return float(series[0]["values"][0])

    for objective, reported in zip(level.objectives, report["objectives"], strict=True):
        log.append(compare_counts(value, kata, objective, reported, repeated=report["repeated"]))
        shown = tile_of(prometheus, board, objective, ended_s - began_s, ended_s)
        total, bad = reported["total"], reported["total"] - reported["good"]
        assert shown == {
            "verdict": CODES[reported["verdict"]],
            f"{BAD_EVENTS} red": bad,
            f"{BUDGET_EVENTS} red": pytest.approx((1 - objective.target) * total),
            f"{GOOD_RATIO} red": pytest.approx(reported["sli"]),
        }, log[-1]
        good = good_ratio_of(objective.journey, objective.name)
        (line,) = (
            target["expr"]
            for panel in board["panels"]
            for target in panel.get("targets", ())
            if panel["title"] == LAST_MINUTE_TITLE and good in target["expr"]
        )
        assert value(line) == pytest.approx(reported["sli"]), log[-1]
    return log


def tile_of(
    prometheus: Prometheus,
    board: dict[str, Any],
    objective: Objective,
    range_s: float,
    at_s: float,
) -> dict[str, float]:
    """What the objective's tile shows, by the legends of its series."""
    (tile,) = (panel for panel in board["panels"] if panel["title"] == objective.display_name)
    shown = {}
    for target in tile["targets"]:
        for series in prometheus.at(as_grafana(target["expr"], range_s), at_s):
            legend = target["legendFormat"].replace(
                "{{figure}}", series["metric"].get("figure", "")
            )
            assert legend not in shown, f"{objective.name} shows two of {legend}"
            shown[legend] = series["values"][0]
    return shown


def assert_grey_without_data(prometheus: Prometheus, board: dict[str, Any]) -> None:
    """Before anything has run, no tile has a value that could have a color."""
    for level in service_levels(ROOT).values():
        for objective in level.objectives:
            assert tile_of(prometheus, board, objective, 300, time.time()) == {}


def assert_no_claim_of_history(prometheus: Prometheus, began_s: float, ended_s: float) -> None:
    """No alert fired on less history than its longest window."""
    for policy in alert_policies(ROOT):
        longest_s = 60 * max(condition.window_min for condition in policy.conditions)
        if ended_s - began_s < HISTORY * longest_s:
            fired = selector("ALERTS", alertstate="firing", alertname=policy.name)
            assert prometheus.at(f"max_over_time({fired}[1h])", ended_s) == []


def compare_counts(
    value: Callable[[str], float],
    kata: str,
    objective: Objective,
    reported: dict[str, Any],
    *,
    repeated: bool,
) -> str:
    """Compare the exporter's last counts with the report's, and their growth with the counts.

    The counters of a run that repeated itself hold also the burst that was disturbed.
    """
    journeys = selector(f"{METRIC}_count", journey=objective.journey)
    in_time = selector(
        f"{METRIC}_bucket",
        journey=objective.journey,
        outcome="right",
        le=repr(objective.threshold_s),
    )
    total = value(f"sum(last_over_time({journeys}[$__range]))")
    good = value(f"sum(last_over_time({in_time}[$__range]))")
    growth = value(f"sum(increase({journeys}[$__range]))")
    scrapes = value(f"max(count_over_time({journeys}[$__range]))")
    line = (
        f"{kata} {objective.display_name}: report {reported['good']} / {reported['total']},"
        f" Prometheus {good:.0f} / {total:.0f} (extrapolated total {growth:.1f})"
    )
    if repeated:
        assert good >= reported["good"], line
        assert total >= reported["total"], line
    else:
        assert (good, total) == (reported["good"], reported["total"]), line
    assert 0.99 <= growth / total <= 1 + EXTRAPOLATED / (scrapes - 1), (line, scrapes)
    return line


def check_panels(
    prometheus: Prometheus, board: dict[str, Any], began_s: float, ended_s: float
) -> list[str]:
    """Run each query of each panel as Grafana would; all results are finite, no panel is empty."""
    log, empty = [], []
    panels = [panel for outer in board["panels"] for panel in (outer, *outer.get("panels", ()))]
    for panel in panels:
        if panel["type"] == "row":
            log.append(f"\n== {panel['title']}")
        filled = False
        for target in panel.get("targets", ()):
            expr = as_grafana(target["expr"], ended_s - began_s)
            if target["instant"]:
                result = prometheus.at(expr, ended_s)
            else:
                result = prometheus.over(expr, began_s, ended_s)
            values = [value for series in result for value in series["values"]]
            assert all(map(math.isfinite, values)), f"{panel['title']}: {expr}: {values}"
            if not values:
                continue
            filled = True
            figures = f"{values[-1]:.4g}" if len(values) == 1 else f"{len(result)} series, "
            if len(values) > 1:
                figures += f"{len(values)} values from {min(values):.4g} to {max(values):.4g}"
            log.append(f"{panel['title']} · {target['legendFormat']}: {figures}\n    {expr}")
        if not filled and panel.get("targets"):
            empty.append(panel["title"])
    # no alert has as much history as it needs within some seconds
    assert set(empty) <= {"Alerts that fire"}, f"no data for {empty}"
    return log


def check_rules(prometheus: Prometheus, began_s: float, ended_s: float) -> list[str]:
    """Each rule was evaluated without an error, and each recorded series has results."""
    log = ["\n== Rules"]
    rules = prometheus.rules()
    levels = service_levels(ROOT)
    assert len(rules) >= 6 * sum(len(level.objectives) for level in levels.values())
    for rule in rules:
        assert (rule["health"], rule.get("lastError", "")) == ("ok", ""), rule
        result = prometheus.over(rule["query"], began_s, ended_s)
        values = [value for series in result for value in series["values"]]
        assert all(map(math.isfinite, values)), rule
        labels = rule["labels"]
        if rule["type"] == "recording":
            assert values, f"{rule['name']} of {labels['slo']} has no data: {rule['query']}"
            if rule["name"] == BAD_RATIO_1H:
                assert 0 <= min(values) <= max(values) <= 1, rule
        figures = f"{min(values):.4g} to {max(values):.4g}" if values else "no alert"
        log.append(f"{rule['name']} {labels['slo']} {labels.get('windows', '')}: {figures}")
    return log

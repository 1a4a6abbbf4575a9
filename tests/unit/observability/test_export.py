"""What `python -m dojo export` writes, and that it was written."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from app.metrics import BUCKETS_S
from dojo.errors import BadSetting
from dojo.observability.export import export, files
from dojo.observability.exporter import buckets
from dojo.observability.rules import OBJECTIVE
from dojo.slo.catalog import service_levels, thresholds_s
from dojo.slo.openslo import JOURNEYS
from tests.support.project import ROOT
from tests.support.prometheus import promtool

__all__ = ["promtool"]

LEVELS = service_levels(ROOT)
GRAFANA = ROOT / "grafana"


def test_the_committed_files_are_what_it_writes() -> None:
    """Nothing under grafana/ was forgotten, edited by hand, or left behind."""
    written = files(LEVELS)
    for name, text in written.items():
        assert (GRAFANA / name).is_file(), f"{name} is missing: ./run python -m dojo export"
        assert (GRAFANA / name).read_text() == text, f"{name} is stale: ./run python -m dojo export"
    there = {
        str(path.relative_to(GRAFANA))
        for path in GRAFANA.rglob("*")
        if path.is_file() and path.parent.name != "targets"
    }
    assert there == set(written)


def test_it_writes_where_it_is_told_and_cleans_up(tmp_path: Path) -> None:
    """Files of the given project are written, and rules of a kata that is gone go with it."""
    shutil.copytree(ROOT / "katas" / "01-latency", tmp_path / "katas" / "01-latency")
    shutil.copytree(ROOT / "katas" / "01-latency", tmp_path / "katas" / "09-other")
    paths = export(tmp_path)
    assert tmp_path / "grafana/rules/09-other.yml" in paths
    assert all(path.is_file() for path in paths)
    own = tmp_path / "grafana/rules/own.yml"
    own.write_text("groups: []\n")
    shutil.rmtree(tmp_path / "katas" / "09-other")
    assert tmp_path / "grafana/rules/09-other.yml" not in export(tmp_path)
    assert not (tmp_path / "grafana/rules/09-other.yml").exists()
    assert own.exists()


def test_a_folder_that_cannot_be_written_is_a_bad_setting(tmp_path: Path) -> None:
    """The message names it."""
    shutil.copytree(ROOT / "katas" / "01-latency", tmp_path / "katas" / "01-latency")
    (tmp_path / "grafana").write_text("a file")
    with pytest.raises(BadSetting, match="grafana"):
        export(tmp_path)


@pytest.mark.parametrize("kata", LEVELS)
def test_every_threshold_is_an_exact_bucket(kata: str) -> None:
    """Good events are read off at the edge of a bucket, of the app's or the load's histogram."""
    for objective in LEVELS[kata].objectives:
        ours = objective.good.startswith(f"{JOURNEYS}_bucket")
        theirs = objective.good.startswith("http_server_request_duration_seconds_bucket")
        assert ours or theirs, objective.good
        edges = buckets(thresholds_s(LEVELS)) if ours else tuple(map(float, BUCKETS_S))
        assert objective.threshold_s in edges, f"{objective.name}: {edges}"
        assert f'le="{float(objective.threshold_s)}"' in objective.good


@pytest.mark.parametrize("kata", LEVELS)
def test_promise_and_rules_agree(kata: str) -> None:
    """Every rule carries the kata and an objective, counts what slo.yaml counts, and no more."""
    objectives = {objective.name: objective for objective in LEVELS[kata].objectives}
    groups = yaml.safe_load((GRAFANA / "rules" / f"{kata}.yml").read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    targets = {r["labels"]["slo"]: r["expr"] for r in rules if r.get("record") == OBJECTIVE}
    assert targets == {name: f"vector({o.target})" for name, o in objectives.items()}
    recorded = {rule["record"] for rule in rules if "record" in rule}
    for rule in rules:
        objective = objectives[rule["labels"]["slo"]]
        assert rule["labels"]["kata"] == kata
        if rule.get("record", "").startswith("slo:bad_events"):
            assert objective.good in rule["expr"]
            assert objective.total in rule["expr"]
        if "alert" in rule:
            budgets = re.findall(r"> \(([\d.]+) \* \(1 - ([\d.]+)\)\)", rule["expr"])
            assert len(budgets) == 2
            assert {float(target) for _, target in budgets} == {objective.target}
            used = set(re.findall(r"slo:bad_events:ratio_rate\w+", rule["expr"]))
            assert len(used) == 2
            assert used <= recorded, "an alert asks for what no rule records"


def test_prometheus_takes_the_configuration(promtool: str, tmp_path: Path) -> None:
    """promtool finds nothing wrong with the configuration and the rules."""
    place = tmp_path / "grafana"
    shutil.copytree(GRAFANA, place)
    done = subprocess.run(
        [promtool, "check", "config", str(place / "prometheus.yml")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("rules found") == len(LEVELS)

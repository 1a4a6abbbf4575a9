"""The files for Prometheus and Grafana, and that the committed ones are the same."""

import re

import pytest
import yaml

from dojo.cli.export import alert_policies
from dojo.observability.exporter import buckets
from dojo.observability.files import files
from dojo.observability.rules import OBJECTIVE
from dojo.slo.catalog import service_levels, thresholds_s
from dojo.slo.openslo import JOURNEYS
from tests.support.project import ROOT

LEVELS = service_levels(ROOT)
GRAFANA = ROOT / "grafana"


def test_the_committed_files_are_up_to_date() -> None:
    """Nothing under grafana/ was forgotten, edited by hand, or left behind."""
    texts = files(LEVELS, alert_policies(ROOT))
    for name, text in texts.items():
        assert (GRAFANA / name).is_file(), f"{name} is missing; run ./run dojo export"
        assert (GRAFANA / name).read_text() == text, f"{name} is stale; run ./run dojo export"
    committed = {
        str(path.relative_to(GRAFANA))
        for path in GRAFANA.rglob("*")
        if path.is_file() and path.parent.name != "targets"
    }
    assert committed == set(texts)


@pytest.mark.parametrize("kata", LEVELS)
def test_every_objective_counts_a_bucket_that_somebody_exports(kata: str) -> None:
    """Good events are those of the app's histogram, whose buckets are a rule, or of the load's."""
    for objective in LEVELS[kata].objectives:
        by_load = objective.good.startswith(f"{JOURNEYS}_bucket")
        by_app = objective.good.startswith("http_server_request_duration_seconds_bucket")
        assert by_load or by_app, objective.good
        assert objective.threshold_s in buckets(thresholds_s(LEVELS))
        assert f'le="{float(objective.threshold_s)}"' in objective.good


@pytest.mark.parametrize("kata", LEVELS)
def test_objectives_and_rules_agree(kata: str) -> None:
    """Every rule is labelled with kata and objective, and counts what slo.yaml counts."""
    objectives = {objective.name: objective for objective in LEVELS[kata].objectives}
    groups = yaml.safe_load((GRAFANA / "rules" / f"{kata}.yml").read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    targets = {r["labels"]["slo"]: r["expr"] for r in rules if r.get("record") == OBJECTIVE}
    assert targets == {name: f"vector({o.target})" for name, o in objectives.items()}
    for rule in rules:
        objective = objectives[rule["labels"]["slo"]]
        assert rule["labels"]["kata"] == kata
        if rule.get("record", "").startswith("slo:bad_events"):
            assert objective.good in rule["expr"]
            assert objective.total in rule["expr"]


@pytest.mark.parametrize("name", [*LEVELS, "shop"])
def test_an_alert_uses_what_is_recorded(name: str) -> None:
    """Each series that an alert compares is recorded for its own objective."""
    groups = yaml.safe_load((GRAFANA / "rules" / f"{name}.yml").read_text())["groups"]
    (alerts,) = (group["rules"] for group in groups if group["name"].endswith(" alerts"))
    recorded = {(r["record"], r["labels"]["slo"]) for r in alerts if "record" in r}
    rules = [rule for rule in alerts if "alert" in rule]
    assert len(rules) == len(alert_policies(ROOT)) * len({slo for _, slo in recorded})
    for rule in rules:
        used = set(re.findall(r'(slo:\w+:\w+)\{kata="[^"]+",slo="([^"]+)"\}', rule["expr"]))
        assert used
        assert used <= recorded

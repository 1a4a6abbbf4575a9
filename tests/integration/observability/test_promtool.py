"""What is exported for Prometheus and Grafana, as Prometheus' own tool reads it."""

import json
import shutil
import subprocess
from pathlib import Path

import yaml

from dojo.slo.catalog import service_levels
from tests.support.project import ROOT
from tests.support.prometheus import as_grafana

GRAFANA = ROOT / "grafana"
LEVELS = service_levels(ROOT)


def test_every_query_is_promql(promtool: str, tmp_path: Path) -> None:
    """Prometheus' own parser accepts every query, with Grafana's variables replaced."""
    board = json.loads((GRAFANA / "dashboards/slo-dojo.json").read_text())
    targets = [target for panel in board["panels"] for target in panel.get("targets", ())]
    assert targets
    rules = [
        {"record": f"panel:query:{index}", "expr": as_grafana(target["expr"], 900)}
        for index, target in enumerate(targets)
    ]
    path = tmp_path / "queries.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    check = subprocess.run([promtool, "check", "rules", str(path)], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr
    assert f"{len(rules)} rules found" in check.stdout


def test_prometheus_accepts_the_configuration(promtool: str, tmp_path: Path) -> None:
    """promtool finds nothing wrong with the configuration and the rules."""
    folder = tmp_path / "grafana"
    shutil.copytree(GRAFANA, folder)
    check = subprocess.run(
        [promtool, "check", "config", str(folder / "prometheus.yml")],
        capture_output=True,
        text=True,
    )
    assert check.returncode == 0, check.stdout + check.stderr
    assert check.stdout.count("rules found") == len(LEVELS) + 1  # and the shop's own

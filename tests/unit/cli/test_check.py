"""dojo.cli.check: which exported files are stale."""

import shutil
from pathlib import Path

import pytest

from dojo.cli.check import stale_exports
from dojo.cli.export import export
from dojo.slo.catalog import kata_folders
from tests.support.project import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one kata, whose rules and dashboard are current."""
    shutil.copytree(ROOT / "katas" / "01-latency", tmp_path / "katas" / "01-latency")
    shutil.copytree(ROOT / "app" / "ops", tmp_path / "app" / "ops")
    export(tmp_path)
    return tmp_path


def test_what_export_wrote_is_current(project: Path) -> None:
    """Right after an export nothing is stale."""
    assert stale_exports(project, kata_folders(project)) == []


def test_what_differs_or_is_missing_is_stale(project: Path) -> None:
    """An edited file and a deleted one are named from the project's root."""
    (project / "grafana/rules/01-latency.yml").write_text("groups: []\n")
    (project / "grafana/dashboards/slo-dojo.json").unlink()
    assert stale_exports(project, kata_folders(project)) == [
        "grafana/rules/01-latency.yml",
        "grafana/dashboards/slo-dojo.json",
    ]


def test_a_kata_that_cannot_be_read_leaves_the_others_judged(project: Path) -> None:
    """Its slo.yaml is another rule's; the dashboard, which needs all, is not judged."""
    shutil.copytree(project / "katas" / "01-latency", project / "katas" / "09-odd")
    (project / "katas" / "09-odd" / "slo.yaml").write_text("kind: [")
    (project / "grafana/dashboards/slo-dojo.json").unlink()
    (project / "grafana/rules/01-latency.yml").unlink()
    assert stale_exports(project, kata_folders(project)) == ["grafana/rules/01-latency.yml"]

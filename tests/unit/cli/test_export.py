"""`./run dojo export`: the files of grafana/ on disk."""

import shutil
from pathlib import Path

import pytest

from dojo.cli.export import export
from dojo.errors import BadSetting
from tests.support.project import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one kata."""
    shutil.copytree(ROOT / "katas" / "01-latency", tmp_path / "katas" / "01-latency")
    shutil.copytree(ROOT / "app" / "ops", tmp_path / "app" / "ops")
    return tmp_path


def test_files_are_written_into_the_given_project(project: Path) -> None:
    """The returned paths are the files under its grafana/, all of them there."""
    paths = export(project)
    assert project / "grafana/rules/01-latency.yml" in paths
    assert project / "grafana/dashboards/slo-dojo.json" in paths
    found = {path for path in (project / "grafana").rglob("*") if path.is_file()}
    assert set(paths) == found


def test_rules_of_a_kata_that_is_gone_are_deleted(project: Path) -> None:
    """The next export deletes what an earlier one wrote, and no file of somebody else."""
    shutil.copytree(project / "katas" / "01-latency", project / "katas" / "09-other")
    rules = project / "grafana" / "rules"
    assert rules / "09-other.yml" in export(project)
    own = rules / "own.yml"
    own.write_text("groups: []\n")
    shutil.rmtree(project / "katas" / "09-other")
    assert rules / "09-other.yml" not in export(project)
    assert not (rules / "09-other.yml").exists()
    assert own.exists()


def test_a_folder_that_cannot_be_written_is_a_bad_setting(project: Path) -> None:
    """The message names the folder."""
    (project / "grafana").write_text("a file")
    with pytest.raises(BadSetting, match="grafana"):
        export(project)

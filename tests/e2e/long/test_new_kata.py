"""A kata as `./run dojo new` makes it, run."""

import json
from pathlib import Path

from tests.support.project_copy import copy_project, run_python


def test_a_new_kata_runs_red_at_once(tmp_path: Path) -> None:
    """The shop misses the objective by far, and the one check holds."""
    project = copy_project(tmp_path)
    assert run_python(project, "dojo", "new", "91-try").returncode == 0
    run = run_python(project, "pytest", "katas/91-try")
    assert run.returncode == 1, run.stdout + run.stderr
    latest = project / ".dojo" / "reports" / "91-try" / "latest.json"
    report = json.loads(latest.read_text())
    assert report["verdict"] == "not_met"
    (objective,) = report["objectives"]
    assert objective["verdict"] == "not_met"
    assert objective["sli"] < 0.5
    assert report["checks"][0]["name"] == "pages_right"
    assert report["checks"][0]["passed"] is not False

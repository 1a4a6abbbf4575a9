"""An app that edits the grader at its start, in a copy of the project."""

import json
import subprocess
from pathlib import Path

from tests.support.project import ROOT
from tests.support.project_copy import copy_project, run_python

KATA = ROOT / "katas" / "01-latency"
EDIT = """
for grader in Path(__file__).parents[1].glob("dojo/load/*.py"):
    grader.write_text(grader.read_text().replace("time.monotonic()", "0.01 * time.monotonic()"))
"""


def test_an_app_that_edits_the_grader_is_not_green(tmp_path: Path) -> None:
    """The load is sent by what was there before, and the files are named."""
    project = copy_project(tmp_path)
    patch = ["git", "apply", "-p1", str(KATA / ".meta" / "solution.patch")]
    subprocess.run(patch, cwd=project, check=True)
    with (project / "app" / "main.py").open("a") as file:
        file.write(EDIT)
    run = run_python(project, "pytest", "katas/01-latency")
    assert run.returncode == 1, run.stdout + run.stderr
    latest = project / ".dojo" / "reports" / "01-latency" / "latest.json"
    report = json.loads(latest.read_text())
    assert report["slo"] == "met"
    assert report["latency_s"]["max"] > 0.001
    failed = [check for check in report["checks"] if check["passed"] is False]
    assert [check["name"] for check in failed] == ["grader_untouched"]
    assert "dojo/load/clock.py" in failed[0]["detail"]

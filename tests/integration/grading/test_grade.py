"""The whole command: a small cohort of kata 04, with submissions that can't be judged among it."""

import csv
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import yaml

from tests.support.project import ROOT
from tests.support.project_copy import copy_project

META = ROOT / "katas" / "04-alerts" / ".meta"
WORK = Path("/var/tmp")


def grade(project: Path, *words: str) -> "subprocess.Popen[str]":
    """The command on a copy of the project, with a variable that nobody else may see."""
    return subprocess.Popen(
        [sys.executable, "-m", "dojo", "grade", *words],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "API_TOKEN": "secret"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def folders_of_calls() -> set[Path]:
    return set(WORK.glob("slo-dojo-grade-*"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


@pytest.fixture
def submissions(project: Path) -> Path:
    """Six of them; two that are the same, two with one name, and four that are odd."""
    folder = project / "submissions"
    folder.mkdir()
    shutil.copy(META / "solution.patch", folder / "anna.patch")
    shutil.copytree(project / "app", folder / "bert" / "app")
    (folder / "bert" / "seed").mkdir()
    (folder / "bert" / "seed" / "dataset.py").write_text("easy = True\n")
    (folder / "bert.patch").write_text("no patch\n")
    with zipfile.ZipFile(folder / "cleo.zip", "w") as archive:
        archive.writestr("../../evil.py", "x")
    (folder / "dora").mkdir()
    shutil.copy(META / "solution.patch", folder / "emil.patch")
    return folder


def test_a_cohort_is_judged_and_gone_on_with(project: Path, submissions: Path) -> None:
    """Each has a row with a reason; the second call judges nothing, and both leave nothing."""
    before = folders_of_calls()
    call = grade(project, "04", "--each-of", "submissions", "nowhere")
    output, _ = call.communicate(timeout=300)
    results = project / ".dojo" / "grading"
    rows = {row["name"]: row for row in json.loads((results / "cohort.json").read_text())["rows"]}
    outcomes = {name: row["outcome"] for name, row in rows.items()}
    assert call.returncode == 0, output
    assert outcomes == {
        "nowhere": "unreadable",
        "anna": "met",
        "submissions/bert": "differs",
        "submissions/bert (2)": "unreadable",
        "cleo": "unreadable",
        "dora": "unreadable",
        "emil": "met",
    }, output
    reasons = {name: row["attempts"][-1]["reason"] for name, row in rows.items()}
    assert reasons["submissions/bert"].startswith("seed/dataset.py. With those of the release: ")
    assert "leads out of the archive" in reasons["cleo"]
    assert "it is no app" in reasons["dora"]
    assert "does not apply" in reasons["submissions/bert (2)"]
    assert rows["emil"]["same_as"] == "anna"
    assert "a window that means too little" in rows["submissions/bert"]["attempts"][-1]["causes"]
    with (results / "cohort.csv").open(newline="") as file:
        assert [line["outcome"] for line in csv.DictReader(file)].count("Solved") == 2
    assert (results / rows["anna"]["page"]).is_file()
    assert "secret" not in "".join(
        path.read_text() for path in results.rglob("*") if path.is_file()
    )

    again = grade(project, "04", "--each-of", "submissions")
    output, _ = again.communicate(timeout=120)
    assert again.returncode == 0, output
    later = {row["name"]: row for row in json.loads((results / "cohort.json").read_text())["rows"]}
    assert later["anna"]["attempts"] == rows["anna"]["attempts"]
    assert len(later) == 6
    assert folders_of_calls() <= before


def test_ctrl_c_leaves_nothing(project: Path, submissions: Path) -> None:
    """While the databases are made or a submission runs: status 130, no folder, no process."""
    before = folders_of_calls()
    call = grade(project, "04", "submissions/anna.patch")
    until = time.monotonic() + 60
    while not (running := [path for path in folders_of_calls() - before if _has_begun(path, call)]):
        assert time.monotonic() < until, "nothing was begun"
        assert call.poll() is None, call.communicate()[0]
        time.sleep(0.05)
    call.send_signal(signal.SIGINT)
    output, _ = call.communicate(timeout=60)
    assert call.returncode == 130, output
    assert "nothing is left running" in output
    assert not running[0].exists()
    commands = subprocess.run(["ps", "-A", "-ww", "-o", "args"], capture_output=True, text=True)
    assert running[0].name not in commands.stdout


def _has_begun(folder: Path, call: "subprocess.Popen[str]") -> bool:
    """Whether it is this call's, and a program runs in its sandbox."""
    try:
        owner = int((folder / "owner").read_text())
    except (OSError, ValueError):
        return False
    return owner == call.pid and any(folder.glob("*/session.log"))


def test_the_clusters_command_judges_one(project: Path, submissions: Path, tmp_path: Path) -> None:
    """The container's own words, index and memory; the next call finds the row."""
    manifest = yaml.safe_load_all((ROOT / "tools/kubernetes/grade.yaml").read_text())
    container = next(manifest)["spec"]["template"]["spec"]["containers"][0]
    results = tmp_path / "results"
    script = container["command"][2].replace("/submissions", str(submissions))
    memory = int(container["resources"]["limits"]["memory"].removesuffix("Gi")) << 30
    pod = subprocess.run(
        [*container["command"][:2], script.replace("/results", str(results))],
        cwd=project,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(project),
            "KATA": "04",
            "JOB_COMPLETION_INDEX": "0",
            "DOJO_STATE": str(tmp_path / "state"),
        },
        capture_output=True,
        text=True,
        timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory)),
    )
    assert pod.returncode == 0, pod.stdout + pod.stderr
    assert "1/1 anna: Solved" in pod.stdout
    assert not (results / "cohort.json").exists()
    (row,) = (results / "rows").glob("*.json")
    before = row.stat().st_mtime_ns

    table = grade(project, "04", "submissions/anna.patch", "--to", str(results))
    output, _ = table.communicate(timeout=120)
    assert table.returncode == 0, output
    assert (results / "cohort.html").is_file()
    assert row.stat().st_mtime_ns == before

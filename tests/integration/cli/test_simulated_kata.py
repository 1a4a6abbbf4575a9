"""Katas on simulated data from the shell: made, run, asked, solved, refused, checked."""

import json
import re
from pathlib import Path

import pytest

from tests.support.dice import write_dice
from tests.support.project_copy import copy_project, run_python


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


def latest(project: Path, kata: str) -> dict[str, object]:
    path = project / ".dojo" / "reports" / kata / "latest.json"
    report: dict[str, object] = json.loads(path.read_text())
    return report


def test_a_new_one_runs_red_at_once_and_can_be_mended(project: Path) -> None:
    """Red as made; its data can be asked; green with another number, and compared."""
    made = run_python(project, "dojo", "new", "91-try-it", "--simulated")
    assert made.returncode == 0, made.stderr
    assert "app/ops/try_it.yaml" in made.stdout.splitlines()
    assert "$" not in (project / "katas" / "91-try-it" / "README.md").read_text()

    red = run_python(project, "pytest", "katas/91-try-it", "--plan-seed", "5")
    assert red.returncode == 1, red.stdout + red.stderr
    assert " NOT MET   91-try-it, attempt 1" in red.stdout
    report = latest(project, "91-try-it")
    assert (report["verdict"], report["seed"]) == ("not_met", 5)

    asked = run_python(project, "dojo", "sql", "--kata", "91", "SELECT count(*) AS n FROM days")
    assert asked.returncode == 0, asked.stderr
    assert [line.split() for line in asked.stdout.splitlines()] == [["n"], ["2000"], ["(1", "row)"]]
    assert "The data of the last run of 91-try-it (attempt 1, --plan-seed 5)." in asked.stderr
    refused = run_python(project, "dojo", "sql", "--kata", "91-try-it", "DELETE FROM days")
    assert refused.returncode == 1
    assert "permission denied for table days" in refused.stderr

    (project / "app" / "ops" / "try_it.yaml").write_text("alert_above: 15\n")
    green = run_python(project, "pytest", "katas/91-try-it", "--junitxml=junit.xml")
    assert green.returncode == 0, green.stdout + green.stderr
    assert "Since attempt 1 (Not met)" in green.stdout
    junit = (project / "junit.xml").read_text()
    assert '<property name="events: right" value="2000 / 2000"' in junit
    assert (project / ".dojo" / "reports" / "91-try-it" / "latest.html").is_file()


def test_a_new_one_is_a_draft_that_says_what_is_missing(project: Path) -> None:
    """What `new` wrote itself is in order; no rule of katas under a load is held against it."""
    run_python(project, "dojo", "new", "91-try-it", "--simulated")
    done = run_python(project, "dojo", "check", "91-try-it")
    assert done.returncode == 1
    named = {
        line.strip().partition(": ")[0]
        for line in done.stdout.splitlines()
        if re.match(r"  \S", line)
    }
    meta = "katas/91-try-it/.meta"
    assert named == {
        f"{meta}/solution.patch",
        f"{meta}/solution.md",
        f"{meta}/faults/",
        f"{meta}/fixes/",
        "katas/91-try-it/README.md:3",
        "katas/91-try-it/.meta/hints.md",
        "katas/91-try-it/.meta/hints.md:5",
        "katas/91-try-it/slo.yaml:6",
        "README.md",
    }
    assert "the measure right has neither a fault nor a cheat" in done.stdout


def test_a_refused_file_is_a_failure_with_a_report(project: Path) -> None:
    """Exit status 1, the place and the line; the kata's data stay as they were."""
    write_dice(project, highest="many")
    run = run_python(project, "pytest", "katas/90-dice", "--junitxml=junit.xml")
    assert run.returncode == 1, run.stdout + run.stderr
    words = " ".join(run.stdout.split())
    place = "app/ops/dice.yaml:2: highest must be a whole number from 1 to 6, not 'many'."
    assert f"BROKEN: FILE REFUSED. {place} The report is below." in words
    assert "2 | highest: many" in run.stdout
    assert latest(project, "90-dice")["refused"]
    assert 'name="refused"' in (project / "junit.xml").read_text()
    asked = run_python(project, "dojo", "sql", "--kata", "90", "SELECT 1")
    assert asked.returncode == 1
    assert "90-dice has no data yet, or others than this Postgres has them." in asked.stderr


def test_a_kata_that_has_no_simulated_data(project: Path) -> None:
    """Those that have some are named."""
    write_dice(project)
    asked = run_python(project, "dojo", "sql", "--kata", "01", "SELECT 1")
    assert asked.returncode == 1
    assert "There is no kata '01' with simulated data. There are: " in asked.stderr
    assert "90-dice" in asked.stderr


def test_a_fault_of_the_kata_is_an_error_and_says_nothing_of_the_learner(project: Path) -> None:
    """Exit status 11, as of any run that says nothing, and no report."""
    folder = write_dice(project)
    test = folder / "test_dice.py"
    test.write_text(test.read_text().replace("rng = Random(seed)", "rng = Random(1 / 0)"))
    run = run_python(project, "pytest", "katas/90-dice")
    assert run.returncode == 11, run.stdout + run.stderr
    assert "The grader itself broke down" in run.stdout
    assert not (project / ".dojo" / "reports" / "90-dice").exists()

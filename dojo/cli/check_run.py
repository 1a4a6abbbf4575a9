"""`./run dojo check --run`: a kata on the app as it is, and with one patch of each kind.

Each run is a pytest session of its own on a patched copy of app/, as a learner would run it. The
kill matrix of the tests does the same with every patch.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

__all__ = ["Trial", "problem_of", "run_trials", "trials_of"]

TIMEOUT_S = 300
Report = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Trial:
    """A run with an outcome that is known beforehand."""

    label: str
    patch: Path | None  # on top of the app as it is
    verdict: str  # met or not_met
    failed_check: str = ""  # the only check that fails


def trials_of(folder: Path) -> list[Trial]:
    """The app as it is, the solution, the first fault and the first cheat, where they exist."""
    meta = folder / ".meta"
    trials = [Trial("app as it is", None, "not_met")]
    if (meta / "solution.patch").is_file():
        trials.append(Trial("solution.patch", meta / "solution.patch", "met"))
    for kind in ("faults", "cheats"):
        for patch in sorted((meta / kind).glob("*.patch"))[:1]:
            check = patch.stem.partition("__")[0] if kind == "cheats" else ""
            trials.append(Trial(f"{kind}/{patch.name}", patch, "not_met", check))
    return trials


def run_trials(root: Path, folder: Path, stream: TextIO) -> int:
    """Run a kata's trials and print what came of each; the number of wrong outcomes."""
    wrong = 0
    for trial in trials_of(folder):
        began = time.perf_counter()
        report, output = _run(root, folder, trial.patch)
        problem = problem_of(trial, report)
        spent = f"{time.perf_counter() - began:.0f} s"
        if problem is None:
            outcome = f"{_expected(trial)}, as it must be"
            print(f"{folder.name}, {trial.label}: {outcome} ({spent})", file=stream, flush=True)
            continue
        wrong += 1
        print(f"{folder.name}, {trial.label}: {problem} ({spent})", file=stream, flush=True)
        if report is None:
            print("".join(f"    {line}\n" for line in output.splitlines()[-20:]), file=stream)
    return wrong


def problem_of(trial: Trial, report: Report | None) -> str | None:
    """What is wrong with the outcome of a trial, by its report; None if nothing is."""
    if report is None:
        return "the run gave no report; the last lines of its output follow"
    failed = [check["name"] for check in report["checks"] if check["passed"] is False]
    missed = [each["name"] for each in report["objectives"] if each["verdict"] != "met"]
    outcome = f"missed: {', '.join(missed) or 'nothing'}; failed: {', '.join(failed) or 'nothing'}"
    if report["verdict"] != trial.verdict:
        return f"must be {_expected(trial)} and is {report['verdict']} ({outcome})"
    if trial.failed_check and failed != [trial.failed_check]:
        return f"must be {_expected(trial)} alone ({outcome})"
    if trial.verdict == "not_met" and not trial.failed_check and (failed or not missed):
        return f"must miss an objective and fail no check ({outcome})"
    return None


def _expected(trial: Trial) -> str:
    if trial.failed_check:
        return f"red by {trial.failed_check}"
    return "green" if trial.verdict == "met" else "red"


def _run(root: Path, folder: Path, patch: Path | None) -> tuple[Report | None, str]:
    """The report and the output of a run on a patched copy of the app."""
    with tempfile.TemporaryDirectory(prefix="dojo-check-") as scratch:
        shutil.copytree(
            root / "app", Path(scratch) / "app", ignore=shutil.ignore_patterns("__pycache__")
        )
        if patch is not None:
            git = subprocess.run(
                ["git", "apply", "-p1", str(patch)], cwd=scratch, capture_output=True, text=True
            )
            if git.returncode:
                return None, git.stderr
        return _session(root, folder, Path(scratch))


def _session(root: Path, folder: Path, scratch: Path) -> tuple[Report | None, str]:
    try:
        session = subprocess.run(
            [sys.executable, "-m", "pytest", str(folder), "--app", str(scratch / "app")],
            cwd=root,
            env={**os.environ, "DOJO_STATE": str(scratch / "state"), "COLUMNS": "100"},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        return (
            None,
            f"It was not over after {TIMEOUT_S} s. Is another kata or ./run dojo up running?",
        )
    latest = scratch / "state" / "reports" / folder.name / "latest.json"
    report = json.loads(latest.read_text(encoding="utf-8")) if latest.is_file() else None
    return report, session.stdout + session.stderr

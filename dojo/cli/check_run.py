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

from dojo.kata.simulated_rules import REFUSED
from dojo.slo.catalog import is_simulated, measure_level

__all__ = ["Trial", "patch_trial", "problem_of", "run_trials", "trials_of"]

TIMEOUT_S = 300
Report = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Trial:
    """A run with an outcome that is known beforehand."""

    label: str
    patch: Path | None  # on top of the app as it is
    verdict: str  # met or not_met
    failed_check: str = ""  # the only check that fails
    missed: str = ""  # a measure that misses its target, of a simulated kata
    refused: bool = False  # the learner's file, by a simulated kata


def patch_trial(folder: Path, patch: Path) -> Trial:
    """What a patch of the kata's .meta must come to, by its folder and its name."""
    kind, label = patch.parent.name, patch.relative_to(folder / ".meta").as_posix()
    if kind not in ("faults", "cheats"):
        return Trial(label, patch, "met")
    catcher = patch.stem.partition("__")[0]
    if is_simulated(folder):
        if catcher in measure_level(folder).names:
            return Trial(label, patch, "not_met", missed=catcher)
        if catcher == REFUSED:
            return Trial(label, patch, "not_met", refused=True)
    return Trial(label, patch, "not_met", catcher if kind == "cheats" else "")


def trials_of(folder: Path) -> list[Trial]:
    """The app as it is, the solution, the first fault and the first cheat, where they exist."""
    meta = folder / ".meta"
    trials = [Trial("app as it is", None, "not_met")]
    patches = [meta / "solution.patch"] if (meta / "solution.patch").is_file() else []
    for kind in ("faults", "cheats"):
        patches += sorted((meta / kind).glob("*.patch"))[:1]
    return trials + [patch_trial(folder, patch) for patch in patches]


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
    refused = report.get("refused")
    if trial.refused:
        return None if refused else f"must be {_expected(trial)} and is {report['verdict']}"
    if refused:
        return f"must be {_expected(trial)}; {refused['place']} is refused: {refused['reason']}"
    failed = [check["name"] for check in report["checks"] if check["passed"] is False]
    missed = [each["name"] for each in report["objectives"] if each["verdict"] != "met"]
    outcome = f"missed: {', '.join(missed) or 'nothing'}; failed: {', '.join(failed) or 'nothing'}"
    if report["verdict"] != trial.verdict:
        return f"must be {_expected(trial)} and is {report['verdict']} ({outcome})"
    if trial.failed_check and failed != [trial.failed_check]:
        return f"must be {_expected(trial)} alone ({outcome})"
    certain = [each["name"] for each in report["objectives"] if each["verdict"] == "not_met"]
    if trial.missed and (failed or trial.missed not in certain):
        return f"must be {_expected(trial)}, with no check failed ({outcome})"
    if trial.verdict == "not_met" and not trial.failed_check and (failed or not missed):
        return f"must miss an objective and fail no check ({outcome})"
    return None


def _expected(trial: Trial) -> str:
    if trial.refused:
        return "refused"
    if trial.failed_check or trial.missed:
        return f"red by {trial.failed_check or trial.missed}"
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

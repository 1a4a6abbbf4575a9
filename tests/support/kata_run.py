"""Katas, run in a process of their own on a copy of the app, as a learner would run them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import ROOT

RUNS_AT_MOST = 3


@dataclass(frozen=True)
class KataRun:
    """What came of it; `report` is latest.json of the first kata, or None if there is none."""

    returncode: int
    output: str
    reports: Mapping[str, dict[str, Any]]  # by the kata's folder name

    @property
    def report(self) -> dict[str, Any] | None:
        return next(iter(self.reports.values()), None)


RunKata = Callable[..., KataRun]


@pytest.fixture
def run_kata(tmp_path: Path) -> RunKata:
    """run_kata(folder, patch=None, edit=None, options=(), **environment)."""

    def run(
        folder: Path,
        patch: Path | None = None,
        edit: Callable[[Path], None] | None = None,
        options: Sequence[str] = (),
        **environment: str,
    ) -> KataRun:
        patches = [patch] if patch is not None else []
        return run_katas(tmp_path, [folder], patches, edit, options, environment)

    return run


def run_katas(
    place: Path,
    folders: Sequence[Path],
    patches: Sequence[Path] = (),
    edit: Callable[[Path], None] | None = None,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> KataRun:
    """Run the katas in one session, on a patched copy of the app, made in the folder `place`."""
    app, state = place / "app", place / "state"
    shutil.copytree(ROOT / "app", app, ignore=shutil.ignore_patterns("__pycache__"))
    for patch in patches:
        applied = subprocess.run(
            ["git", "apply", "-p1", str(patch)], cwd=place, capture_output=True, text=True
        )
        assert applied.returncode == 0, f"{patch.name} does not apply: {applied.stderr}"
    if edit is not None:
        edit(app)
    for _ in range(RUNS_AT_MOST):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *map(str, folders), "--app", str(app), *options],
            cwd=ROOT,
            env={
                **os.environ,
                "DOJO_POSTGRES": "embedded",
                "DOJO_STATE": str(state),
                "COLUMNS": "100",
                **(environment or {}),
            },
            capture_output=True,
            text=True,
            timeout=300,
        )
        reports = {}
        for folder in folders:
            latest = state / "reports" / folder.name / "latest.json"
            if latest.is_file():
                reports[folder.name] = json.loads(latest.read_text())
        if not any(_says_run_again(report) for report in reports.values()):
            break
    return KataRun(done.returncode, done.stdout + done.stderr, reports)


def _says_run_again(report: dict[str, Any]) -> bool:
    """An invalid run, or one within noise of a target, is no verdict; a learner repeats it."""
    open_ones = any(one["verdict"] == "inconclusive" for one in report["objectives"])
    failed = any(not check["passed"] for check in report["checks"])
    return report["verdict"] == "invalid" or (open_ones and not failed)

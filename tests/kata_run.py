"""A kata, run in a process of its own on a copy of the app, as a learner would run it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
RUNS_AT_MOST = 3


@dataclass(frozen=True)
class KataRun:
    """What came of it; `report` is latest.json, or None if there is none."""

    returncode: int
    output: str
    report: dict[str, Any] | None


RunKata = Callable[..., KataRun]


@pytest.fixture
def run_kata(tmp_path: Path) -> RunKata:
    """run_kata(folder, patch=None, edit=None, options=(), **environment)."""

    def run(
        folder: Path,
        patch: Path | None = None,
        edit: Callable[[Path], None] | None = None,
        options: tuple[str, ...] = (),
        **environment: str,
    ) -> KataRun:
        app, state = tmp_path / "app", tmp_path / "state"
        shutil.copytree(ROOT / "app", app, ignore=shutil.ignore_patterns("__pycache__"))
        if patch is not None:
            applied = subprocess.run(
                ["git", "apply", "-p1", str(patch)], cwd=tmp_path, capture_output=True, text=True
            )
            assert applied.returncode == 0, f"{patch.name} does not apply: {applied.stderr}"
        if edit is not None:
            edit(app)
        for _ in range(RUNS_AT_MOST):
            done = subprocess.run(
                [sys.executable, "-m", "pytest", str(folder), "--app", str(app), *options],
                cwd=ROOT,
                env={
                    **os.environ,
                    "DOJO_POSTGRES": "embedded",
                    "DOJO_STATE": str(state),
                    "COLUMNS": "100",
                    **environment,
                },
                capture_output=True,
                text=True,
                timeout=300,
            )
            latest = state / "reports" / folder.name / "latest.json"
            report = json.loads(latest.read_text()) if latest.is_file() else None
            if report is None or not _says_run_again(report):
                break
        return KataRun(done.returncode, done.stdout + done.stderr, report)

    return run


def _says_run_again(report: dict[str, Any]) -> bool:
    """An invalid run, or one within noise of a target, is no verdict; a learner repeats it."""
    open_ones = any(one["verdict"] == "inconclusive" for one in report["objectives"])
    failed = any(not check["passed"] for check in report["checks"])
    return report["verdict"] == "invalid" or (open_ones and not failed)

"""Katas on simulated data, run within the test's process on the tests' own server."""

import shutil
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from dojo.attempt.simulated import attempt_simulated
from dojo.kata.finder import load_simulated
from dojo.output.simulated_json import to_json
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from dojo.settings import Settings
from dojo.simulated_report import SimulatedReport
from dojo.site.workshop import Workshop
from tests.support.project import ROOT

__all__ = ["facts_of", "judged", "open_workshop", "patched_app"]


def open_workshop(server: Server, folder: Path, app: Path = ROOT / "app") -> Workshop:
    """A workshop on a server that runs already; no lock is taken, and nothing is seeded."""
    settings = Settings.read(ROOT, {"DOJO_STATE": str(folder / "state")}, str(app))
    return Workshop(
        settings, server, Databases(server), lambda _: None, _unseeded, {"postgres": 0.0}
    )


def _unseeded() -> AbstractContextManager[Callable[[str, int, int], None]]:
    raise AssertionError("a kata on simulated data needs no dataset")


def patched_app(folder: Path, patch: Path | None) -> Path:
    """A copy of the app, with a patch of a kata's .meta."""
    app = folder / "app"
    shutil.copytree(ROOT / "app", app, ignore=shutil.ignore_patterns("__pycache__"))
    if patch is not None:
        git = subprocess.run(
            ["git", "apply", "-p1", str(patch)], cwd=folder, capture_output=True, text=True
        )
        assert git.returncode == 0, f"{patch.name} does not apply: {git.stderr}"
    return app


def judged(workshop: Workshop, kata: Path, seed: int) -> SimulatedReport:
    """One attempt at the kata in that folder, on data that are drawn from the seed."""
    return attempt_simulated(workshop, load_simulated(kata), seed, 1)


def facts_of(report: SimulatedReport) -> dict[str, Any]:
    """As latest.json holds them."""
    return to_json(report)

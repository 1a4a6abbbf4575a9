"""Katas, run in a process of their own on a copy of the app, as a learner would run them."""

import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dojo.kata.folder_reader import is_draft
from dojo.slo.catalog import is_simulated, kata_folders
from tests.support.project import ROOT

__all__ = [
    "KATAS",
    "SIMULATED_KATAS",
    "RunKata",
    "SessionResult",
    "appended",
    "run_kata",
    "run_katas",
    "shipped",
    "solved",
    "undisturbed",
]

ACTIVE = [folder for folder in kata_folders(ROOT) if not is_draft(folder)]
KATAS = [folder for folder in ACTIVE if not is_simulated(folder)]  # that send a load
SIMULATED_KATAS = [folder for folder in ACTIVE if is_simulated(folder)]
DISTURBED = "A kata was disturbed"  # pyproject.toml lets this warning pass


@dataclass(frozen=True)
class SessionResult:
    """What a pytest session over katas gave.

    `report` is latest.json of its first kata, or None if that wrote no report.
    """

    returncode: int
    output: str
    reports: Mapping[str, dict[str, Any]]  # by the name of the kata's folder

    @property
    def report(self) -> dict[str, Any] | None:
        return next(iter(self.reports.values()), None)


RunKata = Callable[..., SessionResult]


@pytest.fixture
def run_kata(tmp_path: Path) -> RunKata:
    """run_kata(folder, patch=None, edit=None, options=(), **environment)."""

    def run(
        folder: Path,
        patch: Path | None = None,
        edit: Callable[[Path], None] | None = None,
        options: Sequence[str] = (),
        **environment: str,
    ) -> SessionResult:
        patches = [patch] if patch is not None else []
        return run_katas(tmp_path, [folder], patches, edit, options, environment)

    return run


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> SessionResult:
    """`pytest katas`, as the project is shipped; run once for all tests that read its reports."""
    folder = tmp_path_factory.mktemp("shipped")
    return undisturbed(lambda: run_katas(folder, KATAS))


@pytest.fixture(scope="session")
def solved(tmp_path_factory: pytest.TempPathFactory) -> SessionResult:
    """`pytest katas` with every reference fix, applied one after another; run once."""
    fixes = [kata / ".meta" / "solution.patch" for kata in KATAS]
    folder = tmp_path_factory.mktemp("solved")
    return undisturbed(lambda: run_katas(folder, KATAS, fixes))


def appended(name: str, text: str) -> Callable[[Path], None]:
    """An edit that puts a text at the end of one of the app's files, made if it is missing."""

    def edit(app: Path) -> None:
        with (app / name).open("a") as file:
            file.write(text)

    return edit


def run_katas(
    folder: Path,
    katas: Sequence[Path],
    patches: Sequence[Path] = (),
    edit: Callable[[Path], None] | None = None,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    prefix: Sequence[str] = (),
) -> SessionResult:
    """Run the katas in one session, on a patched copy of the app; app and state are in `folder`.

    `prefix` comes before the command, such as `taskset -c 0`.
    """
    app, state = folder / "app", folder / "state"
    for earlier in (app, state / "reports"):
        shutil.rmtree(earlier, ignore_errors=True)
    _copy_app(app, patches)
    if edit is not None:
        edit(app)
    settings = {"DOJO_POSTGRES": "embedded", "DOJO_STATE": str(state), "COLUMNS": "100"}
    session = subprocess.run(
        [*prefix, sys.executable, "-m", "pytest", *map(str, katas), "--app", str(app), *options],
        cwd=ROOT,
        env={**os.environ, **settings, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=300 * len(katas),
    )
    return SessionResult(
        session.returncode, session.stdout + session.stderr, _reports(state, katas)
    )


def undisturbed(run: Callable[[], SessionResult]) -> SessionResult:
    """What `run` gives; if somebody outside disturbed it, who is named, once more.

    An invalid run for which nobody outside is to blame is a failure: it would be a way out.
    """
    result = run()
    invalid = [report for report in result.reports.values() if report["verdict"] == "invalid"]
    if not invalid:
        return result
    for report in invalid:
        assert report["disturbed"], result.output
        assert report["culprits"], result.output
        names = ", ".join(f"{each['name']!r}" for each in report["culprits"])
        warnings.warn(f"{DISTURBED}, {report['kata']}, by {names}: run once more", stacklevel=2)
    return run()


def _copy_app(app: Path, patches: Sequence[Path]) -> None:
    shutil.copytree(ROOT / "app", app, ignore=shutil.ignore_patterns("__pycache__"))
    for patch in patches:
        git = subprocess.run(
            ["git", "apply", "-p1", str(patch)], cwd=app.parent, capture_output=True, text=True
        )
        assert git.returncode == 0, f"{patch.name} does not apply: {git.stderr}"


def _reports(state: Path, katas: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """latest.json of each kata that wrote one, by the name of its folder."""
    paths = {kata.name: state / "reports" / kata.name / "latest.json" for kata in katas}
    return {name: json.loads(path.read_text()) for name, path in paths.items() if path.is_file()}

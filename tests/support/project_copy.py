"""A copy of the project that a test may change, and commands that run in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from dojo.settings import cache_folder
from tests.support.project import ROOT

__all__ = ["CACHE", "copy_project", "run_python"]

PARTS = ("app", "dojo", "grafana", "katas", "seed", "README.md", "conftest.py", "pyproject.toml")
CACHE = str(cache_folder(ROOT, os.environ))


def copy_project(folder: Path) -> Path:
    """What `./run dojo` and a kata need, in `folder`/project."""
    root = folder / "project"
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, root / name)
    return root


def run_python(root: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """`python -m WORDS` in a copy of the project, with the databases that are cached already."""
    settings = {"DOJO_POSTGRES": "embedded", "DOJO_CACHE": CACHE, "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=root,
        env={**os.environ, **settings, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=300,
    )

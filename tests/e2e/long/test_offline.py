"""`./run dojo prepare` and its proof, as somebody calls them the day before a workshop."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dojo.cli.prepare_check import NOT_PROVEN
from tests.support.project import ROOT
from tests.support.project_copy import CACHE, copy_project

TIMEOUT_S = 600


def test_what_was_prepared_does_without_a_network(tmp_path: Path) -> None:
    """A copy of the project makes its environment and runs two katas offline."""
    root = copy_project(tmp_path)
    for name in ("run", "requirements.lock", "requirements-katas.lock"):
        shutil.copy(ROOT / name, root)
    (root / ".venv").symlink_to(ROOT / ".venv")  # for this test; the copy's copy makes its own

    def prepare(*options: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["/bin/sh", str(root / "run"), "dojo", "prepare", *options],
            env={**os.environ, "DOJO_CACHE": CACHE, "DOJO_POSTGRES": "embedded"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT_S,
        )

    prepared = prepare()
    assert prepared.returncode == 0, prepared.stdout
    assert re.search(r"^ +\d+ MB  \d+ packages: ", prepared.stdout, re.M)
    checked = prepare("--check")
    if checked.returncode == NOT_PROVEN:
        pytest.skip(checked.stdout.strip())
    assert checked.returncode == 0, checked.stdout
    assert "made an environment from the kept packages" in checked.stdout
    assert checked.stdout.count("Postgres and the data are there") == 2
    assert re.search(r"^Proven in \d+ s: katas run here without a network\.$", checked.stdout, re.M)

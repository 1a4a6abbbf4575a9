"""The script `./run`, with a Python that only says how it was called."""

import shutil
import subprocess
from pathlib import Path

from tests.support.project import ROOT


def test_run_dojo_is_the_module_from_any_folder(tmp_path: Path) -> None:
    """`./run dojo …` runs `python -m dojo …` with the project on the path; others are as before."""
    project = tmp_path / "a project"
    (project / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "run", project / "run")
    shutil.copy(ROOT / "requirements.lock", project)
    sum_of_lock = subprocess.run(
        ["cksum"], input=(ROOT / "requirements.lock").read_bytes(), capture_output=True, check=True
    ).stdout
    (project / ".venv" / ".made-from").write_bytes(sum_of_lock)
    python = project / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\nprintf "%s|" "$PYTHONPATH" "$@"\n')
    python.chmod(0o755)

    def run(*words: str) -> str:
        return subprocess.run(
            ["sh", str(project / "run"), *words],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert run("dojo", "up", "--for", "1 m") == f"{project}|-m|dojo|up|--for|1 m|"
    assert run("python", "-m", "dojo") == "|-m|dojo|"

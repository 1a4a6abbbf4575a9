"""A cohort at a kata that sends a load: who breaks things breaks nobody else's."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.project_copy import copy_project

KILLS_POSTGRES = """
import glob, os, threading, time

def _kill() -> None:
    time.sleep(2)
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                if b"postgres" in file.read().split(b"\\0")[0]:
                    os.kill(int(path.split("/")[2]), 9)
        except OSError:
            pass

threading.Thread(target=_kill, daemon=True).start()
"""
HANGS = "\nimport time\ntime.sleep(600)\n"
ENDS = "\nraise SystemExit(3)\n"


def test_each_has_its_own_postgres(tmp_path: Path) -> None:
    """One kills it, one hangs, one ends at once: each has a row with a reason."""
    project = copy_project(tmp_path)
    for name, text in (("1-kills", KILLS_POSTGRES), ("2-hangs", HANGS), ("3-ends", ENDS)):
        app = project / "submissions" / name / "app"
        shutil.copytree(project / "app", app)
        with (app / "main.py").open("a", encoding="utf-8") as file:
            file.write(text)
    call = subprocess.run(
        [sys.executable, "-m", "dojo", "grade", "01", "--each-of", "submissions"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert call.returncode == 0, call.stdout + call.stderr
    facts = json.loads((project / ".dojo" / "grading" / "cohort.json").read_text())
    attempts = {row["name"]: row["attempts"][-1] for row in facts["rows"]}
    assert [each["outcome"] for each in attempts.values()] == ["broken"] * 3, call.stdout
    assert attempts["1-kills"]["reason"].startswith("Postgres ended before the run did: ")
    assert attempts["2-hangs"]["reason"].startswith(
        "AppDidNotStart: The app is still not answering"
    )
    assert attempts["3-ends"]["reason"].startswith(
        "AppDidNotStart: The app ended before it answered"
    )

"""Commands that use git, where there is none: what they say instead of a traceback."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project_copy import copy_project


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder with the programs that the commands call, and no git."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("ps", "patch"):
        if (program := shutil.which(name)) is not None:
            (tools / name).symlink_to(program)
    return tools


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        ("reset", 1, "no git clone, and there is no copy of the shipped app in"),
        ("reset --undo", 1, "Nothing was put aside so far"),
        ("reset --to HEAD", 1, "is no git clone, so it has no commit 'HEAD'"),
        ("try-solution 04", 1, "no git clone, and there is no copy of the shipped app in"),
        ("check 04", 1, "A kata's patches are checked with git, and there is none. Install git."),
        ("archive", 1, "An archive is made of a git clone, and there is no git."),
        ("export", 0, ""),
        ("next", 0, ""),
        ("status", 0, ""),
        ("new 09-try", 0, "katas/09-try/README.md"),
    ],
)
def test_a_project_without_git(
    tmp_path: Path, tools: Path, words: str, status: int, message: str
) -> None:
    """Each command works or says why not in one sentence."""
    root = copy_project(tmp_path)
    ended = subprocess.run(
        [sys.executable, "-m", "dojo", *words.split()],
        cwd=root,
        env={
            "PATH": str(tools),
            "HOME": str(tmp_path),
            "PYTHONPATH": str(root),
            **({"TMPDIR": os.environ["TMPDIR"]} if "TMPDIR" in os.environ else {}),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    assert ended.returncode == status, ended.stdout
    assert message in ended.stdout
    assert "Traceback" not in ended.stdout

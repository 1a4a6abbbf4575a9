"""A clone as git makes it on Windows (`core.autocrlf`), in a folder whose name has blanks.

What WSL 2 itself does can't be tried here; line ends and paths can.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.clone import Project
from tests.support.project import ROOT
from tests.support.run_outline import RunOutline, run_outline

PARTS = ("app", "dojo", "katas", "seed", "conftest.py", "pyproject.toml", "run", ".gitignore")
LOCKS = ("requirements-katas.lock", "requirements.lock")


def made_repository(folder: Path, *, attributes: bool) -> Project:
    """The project's files, committed as on Linux."""
    for name in (*PARTS, *LOCKS, *([".gitattributes"] if attributes else ())):
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    project = Project(folder)
    project.git("init", "-q", "-b", "main")
    project.commit("start")
    return project


def windows_clone(repository: Project, folder: Path) -> Project:
    source = str(repository.root)
    repository.git("clone", "-q", "-c", "core.autocrlf=true", source, str(folder))
    return Project(folder)


@pytest.fixture
def clone(tmp_path: Path) -> Project:
    repository = made_repository(tmp_path / "start", attributes=True)
    return windows_clone(repository, tmp_path / "Anna's clone, in a folder of Windows")


def with_carriage_returns(project: Project) -> list[str]:
    names = project.git("ls-files").splitlines()
    return [name for name in names if b"\r\n" in (project.root / name).read_bytes()]


def test_no_file_gets_the_line_ends_of_windows(clone: Project, tmp_path: Path) -> None:
    """Every file ends its lines with LF; without .gitattributes none of them would."""
    assert with_carriage_returns(clone) == []
    assert clone.git("status", "--porcelain") == ""
    bare = made_repository(tmp_path / "bare", attributes=False)
    spoilt = with_carriage_returns(windows_clone(bare, tmp_path / "spoilt"))
    assert {"run", "app/main.py", "app/ops/sli.sql", *LOCKS} <= set(spoilt)


def test_run_works_there(clone: Project, tmp_path: Path) -> None:
    """`./run` makes the environment and starts the command, by its own path and with its root."""
    outline = RunOutline(clone.root, run_outline(tmp_path).stand_ins)
    ended = outline.run("dojo", "status")
    assert ended.stderr.endswith("once, about a minute.\n")
    assert ended.stdout == f"{clone.root}|-m|dojo|status|"


def test_patches_and_reset_work_there(clone: Project) -> None:
    """Every patch of every kata applies, and `reset` takes the app to one cause and back."""
    for patch in sorted(clone.root.glob("katas/*/.meta/**/*.patch")):
        clone.git("apply", "--check", str(patch))
    before = clone.files()
    for words in (("01", "--to-fault", "1"), ("--undo",)):
        command = [sys.executable, "-m", "dojo", "reset", *words]
        subprocess.run(command, cwd=clone.root, check=True, capture_output=True)
        assert (clone.files() == before) == (words == ("--undo",))

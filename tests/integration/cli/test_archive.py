"""`dojo archive`: the source archive of a release."""

import random
import tarfile
from io import StringIO
from pathlib import Path

import pytest

from dojo.cli.archive import run
from dojo.cli.reset import ResetOptions
from dojo.cli.reset import run as reset
from dojo.errors import BadSetting
from tests.support.clone import SHIPPED, Project, make_project

NAME = "shop-2.3.tar.gz"


@pytest.fixture
def clone(tmp_path: Path) -> Project:
    project = make_project(tmp_path / "clone")
    (project.root / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "2.3"\n')
    (project.root / "run").write_text("#!/bin/sh\n")
    (project.root / "run").chmod(0o755)
    project.git("init", "-q")
    project.commit("a release")
    return project


def made(clone: Project, folder: Path, commit: str = "HEAD") -> tuple[int, str]:
    folder.mkdir(exist_ok=True)
    stream = StringIO()
    return run(commit, folder, clone.root, stream), stream.getvalue()


def test_it_holds_what_is_committed(clone: Project, tmp_path: Path) -> None:
    """In a folder named after the version, programs as programs; what is not committed is named."""
    (clone.app / "home.py").write_text("# not committed\n")
    status, text = made(clone, tmp_path / "out")
    assert status == 0
    assert "Not in it: 1 files that are not committed." in text
    with tarfile.open(tmp_path / "out" / NAME) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    unpacked = tmp_path / "unpacked" / "shop-2.3"
    assert (unpacked / "run").stat().st_mode & 0o111
    assert "not committed" not in (unpacked / "app" / "home.py").read_text()
    assert not (unpacked / ".git").exists()


def test_unpacked_it_knows_the_shipped_app(
    clone: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without git, and before any run, app/ goes back to the start."""
    monkeypatch.delenv("DOJO_STATE", raising=False)
    made(clone, tmp_path / "out")
    with tarfile.open(tmp_path / "out" / NAME) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    project = Project(tmp_path / "unpacked" / "shop-2.3")
    assert project.files() == SHIPPED
    (project.app / "home.py").write_text("# mine\n")
    reset(ResetOptions(), project.root, StringIO())
    assert project.files() == SHIPPED


def test_a_commit_always_makes_the_same_bytes(clone: Project, tmp_path: Path) -> None:
    """Whatever is in the working tree meanwhile."""
    made(clone, tmp_path / "one")
    (clone.app / "home.py").write_text("# mine\n")
    made(clone, tmp_path / "other")
    assert (tmp_path / "one" / NAME).read_bytes() == (tmp_path / "other" / NAME).read_bytes()


def test_too_large_an_archive_is_not_made(clone: Project, tmp_path: Path) -> None:
    """Status 1, its size, and what weighs most."""
    (clone.root / "docs").mkdir()
    (clone.root / "docs" / "noise.png").write_bytes(random.Random(1).randbytes(6_000_000))
    clone.commit("a picture")
    status, text = made(clone, tmp_path / "out")
    assert status == 1
    lines = text.splitlines()
    assert lines[0] == f"Not made: {NAME} would have 6.0 MB, and 5 are allowed."
    assert lines[1] == "   6.00 MB  docs/*.png"
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_no_clone_or_no_commit_is_refused(clone: Project, tmp_path: Path) -> None:
    """With git's own words."""
    with pytest.raises(BadSetting, match=r"An archive is made of a git clone: .*nowhere"):
        made(clone, tmp_path / "out", commit="nowhere")
    with pytest.raises(BadSetting, match="An archive is made of a git clone"):
        made(make_project(tmp_path / "unpacked"), tmp_path / "out")

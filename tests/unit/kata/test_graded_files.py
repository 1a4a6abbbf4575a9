"""The graded files of a submission, held against the release's."""

import os
import shutil
from pathlib import Path

import pytest

from dojo.kata.graded_files import GRADED_FILES, GRADED_FOLDERS, differing_files


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A small project."""
    root = tmp_path / "release"
    for name in ("dojo/load/burst.py", "katas/01-a/slo.yaml", "seed/shelf.py", "app/main.py"):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(f"{name}\n")
    (root / "dojo/__init__.py").write_text("")
    for name in GRADED_FILES:
        (root / name).write_text(f"{name}\n")
    (root / "README.md").write_text("# Project\n")
    return root


@pytest.fixture
def submission(release: Path) -> Path:
    """The same project, handed in."""
    root = release.parent / "submission"
    shutil.copytree(release, root)
    return root


def test_a_copy_does_not_differ(submission: Path, release: Path) -> None:
    """Neither does one whose app, prose, tests and caches are others."""
    (submission / "app/main.py").write_text("x = 2\n")
    (submission / "app/__init__.py").write_text("")
    (submission / "README.md").unlink()
    (submission / "tests/unit").mkdir(parents=True)
    (submission / "tests/unit/test_x.py").write_text("")
    (submission / "dojo/__pycache__").mkdir()
    (submission / "dojo/__pycache__/burst.cpython-312.pyc").write_bytes(b"x")
    assert differing_files(submission, release) == ()


def test_what_is_edited_added_or_removed_is_named(submission: Path, release: Path) -> None:
    """Also a module that would be imported in place of an installed one."""
    (submission / "dojo/load/burst.py").write_text("dojo/load/burst.pY\n")  # of the same length
    (submission / "dojo/__init__.py").write_text("x = 1\n")
    (submission / "katas/01-a/slo.yaml").write_text("target: 0.1\n")
    (submission / "seed/shelf.py").unlink()
    (submission / "conftest.py").write_text("")
    (submission / "katas/02-b/deep").mkdir(parents=True)
    (submission / "katas/02-b/deep/conftest.py").write_text("")
    (submission / "aiohttp.py").write_text("")
    (submission / "httpx").mkdir()
    (submission / "httpx/__init__.py").write_text("")
    assert differing_files(submission, release) == (
        "aiohttp.py",
        "conftest.py",
        "dojo/__init__.py",
        "dojo/load/burst.py",
        "httpx/__init__.py",
        "katas/01-a/slo.yaml",
        "katas/02-b/deep/conftest.py",
        "seed/shelf.py",
    )


def test_who_hands_in_the_app_alone_lacks_each_folder(release: Path, tmp_path: Path) -> None:
    """A folder that is missing as a whole is one entry."""
    (tmp_path / "alone/app").mkdir(parents=True)
    missing = {f"{name}/" for name in GRADED_FOLDERS} | set(GRADED_FILES)
    assert set(differing_files(tmp_path / "alone", release)) == missing


def test_a_link_is_not_followed(submission: Path, release: Path) -> None:
    """A link to the very same content differs; so does a folder that is a link."""
    (submission / "dojo/load/burst.py").unlink()
    (submission / "dojo/load/burst.py").symlink_to(release / "dojo/load/burst.py")
    shutil.rmtree(submission / "seed")
    (submission / "seed").symlink_to(release / "seed")
    assert differing_files(submission, release) == ("dojo/load/burst.py", "seed")


def test_a_file_of_another_kind_differs(submission: Path, release: Path) -> None:
    """A named pipe is not waited for; a folder in place of a file is told."""
    (submission / "seed/shelf.py").unlink()
    os.mkfifo(submission / "seed/shelf.py")
    (submission / "run").unlink()
    (submission / "run").mkdir()
    assert differing_files(submission, release) == ("run", "seed/shelf.py")

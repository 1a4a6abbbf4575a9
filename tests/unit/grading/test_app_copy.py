"""A stranger's app/, found and copied."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from dojo.grading.app_copy import copy_app, find_app
from dojo.grading.bounds import BOUNDS
from dojo.grading.submission import Unreadable


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "anna" / "app"
    (folder / "ops").mkdir(parents=True)
    (folder / "main.py").write_text("x = 1\n")
    (folder / "ops" / "slo.yaml").write_text("a: 1\n")
    return folder


def test_where_an_app_is_found(app: Path, tmp_path: Path) -> None:
    """In a project, as the folder itself, or in a project that is one folder down."""
    assert find_app(app.parent) == (app, app.parent)
    assert find_app(app) == (app, None)
    (tmp_path / ".DS_Store").write_text("")
    assert find_app(tmp_path) == (app, app.parent)


def test_what_is_no_app(app: Path, tmp_path: Path) -> None:
    """Without a main.py, empty, or where app is a link to somewhere."""
    (tmp_path / "bert").mkdir()
    for folder in (tmp_path, tmp_path / "bert"):
        with pytest.raises(Unreadable, match="no app"):
            find_app(folder)
    (tmp_path / "bert" / "app").symlink_to(app)
    with pytest.raises(Unreadable, match="a link"):
        find_app(tmp_path / "bert")


def test_a_copy_has_a_digest_of_its_content(app: Path, tmp_path: Path) -> None:
    """Caches are no part of it; a byte, a name and a mode are."""
    (app / "__pycache__").mkdir()
    (app / "__pycache__" / "main.cpython-312.pyc").write_bytes(b"x")
    first = copy_app(app, tmp_path / "1", BOUNDS)
    assert sorted(path.name for path in (tmp_path / "1").rglob("*")) == [
        "main.py",
        "ops",
        "slo.yaml",
    ]
    (app / "__pycache__" / "more.pyc").write_bytes(b"y")
    assert copy_app(app, tmp_path / "2", BOUNDS) == first
    digests = {first}
    (app / "main.py").write_text("x = 2\n")
    digests.add(copy_app(app, tmp_path / "3", BOUNDS))
    (app / "main.py").chmod(0o755)
    digests.add(copy_app(app, tmp_path / "4", BOUNDS))
    (app / "main.py").rename(app / "other.py")
    digests.add(copy_app(app, tmp_path / "5", BOUNDS))
    assert len(digests) == 4
    assert (tmp_path / "4" / "main.py").stat().st_mode & 0o100


def test_links(app: Path, tmp_path: Path) -> None:
    """One inside is copied as a link; one that leads out is refused."""
    (app / "inside.yaml").symlink_to("ops/slo.yaml")
    copy_app(app, tmp_path / "copy", BOUNDS)
    assert (tmp_path / "copy" / "inside.yaml").readlink() == Path("ops/slo.yaml")
    (app / "ops" / "outside").symlink_to("../../../secret")
    with pytest.raises(Unreadable, match="ops/outside leads out"):
        copy_app(app, tmp_path / "another", BOUNDS)


def test_what_is_no_file(app: Path, tmp_path: Path) -> None:
    """A pipe is not waited for."""
    os.mkfifo(app / "pipe")
    with pytest.raises(Unreadable, match="neither a file nor a folder"):
        copy_app(app, tmp_path / "copy", BOUNDS)


def test_too_large(app: Path, tmp_path: Path) -> None:
    """Two gigabytes are refused by their size and are not copied; so are too many files."""
    with (app / "large.bin").open("wb") as file:
        file.truncate(2 << 30)
    with pytest.raises(Unreadable, match="more than 50 MB"):
        copy_app(app, tmp_path / "copy", BOUNDS)
    (app / "large.bin").unlink()
    with pytest.raises(Unreadable, match="more than 2 files"):
        copy_app(app, tmp_path / "another", replace(BOUNDS, app_files=2))

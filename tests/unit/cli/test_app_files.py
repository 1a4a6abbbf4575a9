"""dojo.cli.app_files: changes under app/, seen once each."""

import os
import threading
from pathlib import Path

import pytest

from dojo.cli.app_files import AppFiles


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    (folder / "migrations").mkdir(parents=True)
    (folder / "home.py").write_text("one")
    (folder / "migrations" / "0001_schema.sql").write_text("one")
    return folder


def test_each_change_is_told_once(app: Path) -> None:
    """Changed, added and removed files, and nothing as long as nothing happens."""
    files = AppFiles(app)
    assert files.changed() == ()
    (app / "home.py").write_text("other")
    (app / "migrations" / "0002_more.sql").write_text("new")
    assert files.changed() == ("home.py", "migrations/0002_more.sql")
    assert files.changed() == ()
    (app / "home.py").unlink()
    assert files.changed() == ("home.py",)


def test_a_file_of_the_same_size_is_told_by_its_time(app: Path) -> None:
    """git checkout may put a text of equal length in its place."""
    files = AppFiles(app)
    (app / "home.py").write_text("two")
    os.utime(app / "home.py", (1, 1))
    assert files.changed() == ("home.py",)


@pytest.mark.parametrize(
    "name",
    ["__pycache__/home.cpython-311.pyc", ".home.py.swp", "home.py~", "#home.py#", "4913", ".git/x"],
)
def test_what_tools_leave_is_no_change(name: str, app: Path) -> None:
    """Caches, backups and swap files restart nothing."""
    files = AppFiles(app)
    (app / name).parent.mkdir(exist_ok=True)
    (app / name).write_text("x")
    assert files.changed() == ()


def test_a_write_in_several_steps_is_one_change(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as files go on changing, the change has not settled."""
    files, waits = AppFiles(app), []

    def sleep(length_s: float) -> None:
        waits.append(length_s)
        if len(waits) < 4:
            (app / "home.py").write_text("x" * len(waits))

    monkeypatch.setattr("dojo.cli.app_files.time.sleep", sleep)
    (app / "home.py").write_text("")
    assert files.changed() == ("home.py",)
    assert len(waits) == 4
    assert files.changed() == ()


def test_a_file_that_is_gone_while_looking_is_no_error(app: Path) -> None:
    """Editors replace files: looking meanwhile must not break."""
    files, over = AppFiles(app), threading.Event()

    def replace() -> None:
        while not over.is_set():
            (app / "new.py").write_text("x")
            (app / "new.py").rename(app / "newer.py")
            (app / "newer.py").unlink()

    thread = threading.Thread(target=replace)
    thread.start()
    try:
        for _ in range(200):
            files._look()
    finally:
        over.set()
        thread.join()
    assert set(files._look()) == {"home.py", "migrations/0001_schema.sql"}

"""Files that a verdict rests on, before and after."""

import importlib.util
import os
import py_compile
import sys
from pathlib import Path

import pytest

from dojo.site.graded_files import (
    ROOT,
    FileStates,
    cached_files,
    graded_files,
    loaded_files,
    startup_files,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with one module of each kind, compiled."""
    for name in ("dojo/load/burst.py", "katas/01-a/test_a.py", "seed/shelf.py", "app/main.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text("x = 1\n")
        py_compile.compile(os.fspath(path))
    (tmp_path / "katas/01-a/slo.yaml").write_text("kind: SLO\n")
    (tmp_path / "conftest.py").write_text("")
    return tmp_path


def changed(project: Path, before: FileStates) -> list[str]:
    now = FileStates.read(graded_files(project) | before.states.keys())
    return [path.relative_to(project).as_posix() for path in before.changed(now)]


def compiled(project: Path, name: str) -> Path:
    return Path(importlib.util.cache_from_source(os.fspath(project / name)))


def test_what_is_edited_added_or_removed_is_named(project: Path) -> None:
    """Also a module that would be imported in place of an installed one."""
    before = FileStates.read(graded_files(project))
    assert changed(project, before) == []
    (project / "dojo/load/burst.py").write_text("x = 2\n")
    (project / "seed/shelf.py").unlink()
    (project / "katas/01-a/conftest.py").write_text("")
    (project / "aiohttp.py").write_text("")
    (project / "httpx").mkdir()
    (project / "httpx/__init__.py").write_text("")
    assert changed(project, before) == [
        "aiohttp.py",
        "dojo/load/burst.py",
        "httpx/__init__.py",
        "katas/01-a/conftest.py",
        "seed/shelf.py",
    ]


@pytest.mark.parametrize(
    "name", ["pytest.ini", ".pytest.toml", "setup.cfg", "katas/pytest.ini", "katas/01-a/tox.ini"]
)
def test_a_file_that_pytest_reads_before_pyproject_is_named(name: str, project: Path) -> None:
    """It could have the next run load a plugin that makes every kata green."""
    before = FileStates.read(graded_files(project))
    (project / name).write_text("[pytest]\naddopts = -p always_green\n")
    assert changed(project, before) == [name]


def test_what_python_or_pytest_loads_by_itself_is_named(tmp_path: Path) -> None:
    """What is installed besides, and registers no plugin, may change."""
    before = FileStates.read(startup_files([str(tmp_path)]))
    for name, text in (
        ("green.pth", "import green"),
        ("sitecustomize.py", ""),
        ("usercustomize/__init__.py", ""),
        ("green-1.dist-info/entry_points.txt", "[pytest11]\ngreen = green\n"),
        ("other-1.dist-info/entry_points.txt", "[console_scripts]\nother = other\n"),
        ("other.py", ""),
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    after = FileStates.read(startup_files([str(tmp_path)]))
    assert [path.relative_to(tmp_path).as_posix() for path in before.changed(after)] == [
        "green-1.dist-info/entry_points.txt",
        "green.pth",
        "sitecustomize.py",
        "usercustomize/__init__.py",
    ]


def test_the_app_and_prose_may_change(project: Path) -> None:
    """A learner edits the one and reads the other while a run is on."""
    before = FileStates.read(graded_files(project))
    (project / "app/main.py").write_text("x = 3\n")
    (project / "katas/01-a/.README.md.swp").write_text("")
    (project / "katas/01-a/README.md").write_text("# Kata\n")
    assert changed(project, before) == []


def test_a_compiled_file_that_is_not_of_its_source_is_named(project: Path) -> None:
    """Python believes one whose source has the same size and time."""
    path = compiled(project, "dojo/load/burst.py")
    before = FileStates.read(graded_files(project))
    other = project / "other.py"
    other.write_text("x = 9\n")
    forged = (
        path.read_bytes()[:16] + Path(py_compile.compile(os.fspath(other)) or "").read_bytes()[16:]
    )
    other.unlink()
    path.write_bytes(forged)
    assert changed(project, before) == [path.relative_to(project).as_posix()]
    path.unlink()
    before = FileStates.read(graded_files(project))
    path.write_bytes(forged)
    assert changed(project, before) == [path.relative_to(project).as_posix()]


def test_a_stale_compiled_file_may_be_written_anew(project: Path) -> None:
    """After a git pull the first process that loads a module compiles it again."""
    source = project / "dojo/load/burst.py"
    source.write_text("x = 12345\n")  # newer than what is compiled of it
    before = FileStates.read(graded_files(project))
    py_compile.compile(os.fspath(source))
    assert changed(project, before) == []


def test_a_compiled_file_of_its_source_may_be_new(project: Path) -> None:
    """The grader's own children compile what they load."""
    path = compiled(project, "dojo/load/burst.py")
    path.unlink()
    before = FileStates.read(graded_files(project))
    py_compile.compile(os.fspath(project / "dojo/load/burst.py"))
    assert changed(project, before) == []


def test_every_module_of_the_grader_is_covered() -> None:
    """Its own, and those installed ones that it has loaded."""
    covered = graded_files() | loaded_files()
    assert {ROOT / "dojo/load/generator.py", ROOT / "katas/01-latency/slo.yaml"} <= covered
    assert Path(str(sys.modules["pytest"].__file__)) in covered
    assert not [path for path in graded_files() if (ROOT / "app") in path.parents]


def test_answers_that_are_kept_are_covered(tmp_path: Path) -> None:
    """Those in the cache, and the checksums of the seeded rows; no report, and no server's data."""
    kept = ("cache/search-1.pickle", "cache/seeded/a.json")
    for name in (*kept, "cache/postgres-18/x.json", "cache/run.lock", "state/reports/1.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    found = cached_files(tmp_path / "cache")
    assert found == {tmp_path / name for name in kept}

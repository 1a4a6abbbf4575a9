"""Which graded files of a submission are not as they are in the release. Knows no policy.

A submission is judged by its app/ alone; the files that judge it come from the release. Graded are
the folders of the grader, the katas and the seed with all that is in them, what pytest and `run`
read first, and every module at the top that Python would import in place of an installed one.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

__all__ = ["GRADED_FILES", "GRADED_FOLDERS", "differing_files"]

GRADED_FOLDERS = ("dojo", "katas", "seed")
GRADED_FILES = ("conftest.py", "pyproject.toml", "run")
IGNORED = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".DS_Store"}
BLOCK_BYTES = 1 << 20


def differing_files(submission: Path, release: Path) -> tuple[str, ...]:
    """The graded files that differ, are missing or are additional, as sorted POSIX paths.

    Files are compared byte by byte, their modes are not. A symbolic link is compared by where it
    leads and never followed. What is neither file, folder nor link differs. Compiled files and
    caches are left out: they follow from the rest. A graded folder that is missing as a whole is
    one entry, "katas/": whoever hands in app/ alone is told apart by that. OSError if the release
    can't be read; what can't be read in the submission differs.
    """
    names = {*GRADED_FOLDERS, *GRADED_FILES, *_top_modules(submission), *_top_modules(release)}
    return tuple(sorted(path for name in names for path in _differing(submission, release, name)))


def _top_modules(root: Path) -> Iterator[str]:
    """The modules and packages at the top, but for the app and graded folders; as paths."""
    for path in _entries(root).values():
        if path.suffix == ".py":
            yield path.name
        elif path.name not in ("app", *GRADED_FOLDERS) and os.path.lexists(path / "__init__.py"):
            yield f"{path.name}/__init__.py"


def _differing(submission: Path, release: Path, name: str) -> Iterator[str]:
    """The paths at and below `name` that differ."""
    handed_in, released = submission / name, release / name
    kinds = _kind(handed_in), _kind(released)
    if kinds == ("folder", "folder"):
        for entry in sorted(_entries(handed_in).keys() | _entries(released).keys()):
            yield from _differing(submission, release, f"{name}/{entry}")
    elif kinds == ("missing", "folder"):
        yield f"{name}/"
    elif kinds == ("folder", "missing"):
        yield from _files_below(handed_in, name)
    elif not _same(handed_in, released, kinds):
        yield name


def _files_below(folder: Path, name: str) -> Iterator[str]:
    for entry, path in _entries(folder).items():
        if _kind(path) == "folder":
            yield from _files_below(path, f"{name}/{entry}")
        else:
            yield f"{name}/{entry}"


def _entries(folder: Path) -> dict[str, Path]:
    """What is in a folder, by name; nothing if it can't be read."""
    try:
        paths = list(folder.iterdir())
    except OSError:
        return {}
    return {path.name: path for path in paths if not _is_ignored(path)}


def _is_ignored(path: Path) -> bool:
    return path.name in IGNORED or path.suffix == ".pyc"


def _kind(path: Path) -> str:
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    except OSError:
        return "unreadable"
    if stat.S_ISDIR(mode):
        return "folder"
    if stat.S_ISLNK(mode):
        return "link"
    return "file" if stat.S_ISREG(mode) else "other"


def _same(handed_in: Path, released: Path, kinds: tuple[str, str]) -> bool:
    if kinds == ("missing", "missing"):
        return True
    if kinds == ("link", "link"):
        return handed_in.readlink() == released.readlink()
    if kinds != ("file", "file"):
        return False
    if handed_in.lstat().st_size != released.lstat().st_size:
        return False
    with released.open("rb") as right:
        try:
            with handed_in.open("rb") as left:
                while (block := left.read(BLOCK_BYTES)) == right.read(BLOCK_BYTES):
                    if not block:
                        return True
        except OSError:
            return False
    return False

"""A folder's files as a value: what is in it, compared with another, written over another.

Python's caches are no part of it. A file is its content, whether it can be executed, and for a
symbolic link where it leads.
"""

import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FileTree", "copy_tree"]

CACHES = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


@dataclass(frozen=True, slots=True)
class FileTree:
    """The files of a folder by their path within it: (kind, content)."""

    files: Mapping[str, tuple[str, bytes]]

    @classmethod
    def read(cls, folder: Path) -> "FileTree":
        """OSError if a file can't be read."""
        return cls({str(p.relative_to(folder)): _read(p) for p in _files(folder)})

    def differences(self, other: "FileTree") -> tuple[str, ...]:
        """The paths at which the two are not the same."""
        paths = self.files.keys() | other.files.keys()
        return tuple(sorted(p for p in paths if self.files.get(p) != other.files.get(p)))

    def write_over(self, folder: Path) -> None:
        """Make the folder the same: writes what differs, removes what is not in this tree."""
        differing = FileTree.read(folder).differences(self)
        for target in [folder / path for path in differing if path not in self.files]:
            target.unlink()
            _remove_empty(target.parent, folder)
        for path in [path for path in differing if path in self.files]:
            target = folder / path
            kind, content = self.files[path]
            if target.is_symlink() or target.is_file():
                target.unlink()
            elif target.is_dir():  # only caches are left in it
                shutil.rmtree(target)
            _make_folder(target.parent, folder)
            if kind == "link":
                target.symlink_to(os.fsdecode(content))
                continue
            target.write_bytes(content)
            if kind == "program":
                target.chmod(target.stat().st_mode | 0o111)


def copy_tree(source: Path, target: Path) -> FileTree:
    """Copy the files of a folder to a new one, and read the copy back; OSError if it differs."""
    tree = FileTree.read(source)
    target.mkdir(parents=True)
    tree.write_over(target)
    if differing := FileTree.read(target).differences(tree):
        raise OSError(f"{target / differing[0]} is not what was written to it")
    return tree


def _files(folder: Path) -> Iterator[Path]:
    for place in sorted(folder.iterdir()):
        if place.is_symlink() or place.is_file():
            if place.suffix != ".pyc":
                yield place
        elif place.is_dir() and place.name not in CACHES:
            yield from _files(place)


def _read(path: Path) -> tuple[str, bytes]:
    if path.is_symlink():
        return "link", os.fsencode(path.readlink())
    runs = path.stat().st_mode & stat.S_IXUSR
    return ("program" if runs else "file"), path.read_bytes()


def _make_folder(place: Path, top: Path) -> None:
    """Also where a file stands that must be a folder."""
    for part in (*reversed(place.relative_to(top).parents), place.relative_to(top)):
        if (top / part).is_symlink() or (top / part).is_file():
            (top / part).unlink()
    place.mkdir(parents=True, exist_ok=True)


def _remove_empty(place: Path, top: Path) -> None:
    """Remove a folder in which nothing is left but caches, and those above it."""
    while place != top and not any(_files(place)):
        shutil.rmtree(place)
        place = place.parent

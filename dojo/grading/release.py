"""This release as submissions are judged with it: its graded files, and the app as it was shipped.

They are copied once, so that nobody who edits the clone meanwhile changes what is judged with, and
compiled once, so that no submission's run has to.
"""

import compileall
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from dojo.errors import BadSetting
from dojo.kata.graded_files import GRADED_FILES, GRADED_FOLDERS
from dojo.site.shipped_app import keep_copy, shipped_app

__all__ = ["Release"]

COMPILED = "__pycache__"


@dataclass(frozen=True, slots=True)
class Release:
    """A folder with the graded files, and beside it one with the shipped app."""

    root: Path  # the project's own folder
    folder: Path
    digest: str

    @property
    def graded(self) -> Path:
        """The graded files alone."""
        return self.folder / "graded"

    @property
    def app(self) -> Path:
        """The shipped app."""
        return self.folder / "shipped" / "app"

    @classmethod
    def copied(cls, root: Path, state_dir: Path, folder: Path) -> "Release":
        """Copy it into a new folder; BadSetting if there is no shipped app to be found."""
        release = cls(root, folder, _digest(root))
        release.graded.mkdir(parents=True)
        for name in GRADED_FOLDERS:
            ignored = shutil.ignore_patterns(COMPILED)
            shutil.copytree(root / name, release.graded / name, ignore=ignored)
        for path in _graded_files(root):
            shutil.copy2(path, release.graded / path.name)
        compileall.compile_dir(release.graded, quiet=2, force=True, optimize=0)
        keep_copy(root, root / "app", state_dir)  # what an archive without git goes by
        with shipped_app(root, state_dir).extracted() as app:
            shutil.copytree(app, release.app, symlinks=True)
        return release

    def copy_graded(self, target: Path) -> None:
        """Make a new folder with the graded files, compiled; of this process's user."""
        shutil.copytree(self.graded, target)

    def copy_whole(self, target: Path) -> None:
        """Make a folder with the graded files and the shipped app, for a patch to be applied to."""
        shutil.copytree(self.graded, target, ignore=shutil.ignore_patterns(COMPILED))
        shutil.copytree(self.app, target / "app", symlinks=True)


def _graded_files(root: Path) -> list[Path]:
    """Those that are there: an image of this project may have no `run`."""
    return [root / name for name in GRADED_FILES if (root / name).is_file()]


def _digest(root: Path) -> str:
    digest = hashlib.sha256()
    paths = _graded_files(root)
    for name in GRADED_FOLDERS:
        if not (root / name).is_dir():
            raise BadSetting(f"There is no {root / name}. See git checkout {name}/.")
        paths += sorted(path for path in (root / name).rglob("*") if path.is_file())
    for path in paths:
        if COMPILED not in path.parts:
            digest.update(str(path.relative_to(root)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()

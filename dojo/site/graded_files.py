"""The files that a verdict rests on, and which of them are not as they were before the app began.

The app runs as the same user as the grader, so nothing keeps it from writing here; what it wrote
would judge this run or the next one. Covered: the grader, the katas and the seed, with what Python
has compiled of them; the files that tell pytest what to load; every module that the grader has
loaded, wherever it is installed; what Python runs whenever it starts; and what is computed once and
kept in the cache. Not covered: installed packages that nobody has loaded yet.
"""

import hashlib
import marshal
import os
import site
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import source_from_cache
from pathlib import Path

__all__ = [
    *("ROOT", "FileStates", "cached_files", "graded_files", "loaded_files", "startup_files"),
]

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("dojo", "katas", "seed")
KINDS = {".py", ".pyc", ".so", ".yaml", ".toml", ".ini", ".cfg", ".jinja", ".css", ".js", ".svg"}
PYTEST_READS = ("pytest.*", ".pytest.*", "tox.ini", "setup.cfg")  # before pyproject.toml
PYTHON_RUNS = (
    *("*.pth", "sitecustomize.py", "usercustomize.py"),
    *("sitecustomize/__init__.py", "usercustomize/__init__.py"),
)
PLUGIN = "pytest11"  # the group of entry points that pytest loads by itself
HASHED_AT_MOST = 1 << 20  # bytes; of a larger file the size and the times must be the same
TAG = sys.implementation.cache_tag or ""
PYC_HEADER = 16  # bytes


@dataclass(frozen=True, slots=True)
class FileStates:
    """What some files are like, by path."""

    states: Mapping[Path, str]

    @classmethod
    def read(cls, paths: Iterable[Path]) -> "FileStates":
        """As they are now; what can't be read is left out."""
        states = {}
        for path in paths:
            with suppress(OSError):
                states[path] = _state(path)
        return cls(states)

    def changed(self, now: "FileStates") -> list[Path]:
        """The files that differ, are missing or are new; sources first.

        But for a compiled file that is right: Python writes it where there is none, and anew where
        its source is newer, as after a git pull.
        """
        paths = self.states.keys() | now.states.keys()
        differ = [path for path in paths if self.states.get(path) != now.states.get(path)]
        graded = [path for path in differ if path.suffix != ".pyc" or not _is_compiled_source(path)]
        return sorted(graded, key=lambda path: (path.suffix == ".pyc", path))


def graded_files(root: Path = ROOT) -> set[Path]:
    """The files of the grader, the katas and the seed, and what would be imported before them."""
    found = {root / "pyproject.toml", root / "run", *root.glob("*.py"), *root.glob("*/__init__.py")}
    found -= {root / "app" / "__init__.py"}
    found |= {path for pattern in PYTEST_READS for path in root.glob(pattern)}
    for folder in FOLDERS:
        found |= {path for path in (root / folder).rglob("*") if path.suffix in KINDS}
    return {path for path in found if _is_graded(path)}


def loaded_files() -> set[Path]:
    """Source and compiled file of every module that is loaded now, wherever it is installed."""
    found = set()
    for module in list(sys.modules.values()):
        for name in ("__file__", "__cached__"):
            if isinstance(path := getattr(module, name, None), str):
                found.add(Path(path))
    return {path for path in found if _is_graded(path)}


def startup_files(folders: Iterable[str] | None = None) -> set[Path]:
    """What Python runs by itself when it starts, and where pytest finds plugins that it loads so.

    `folders` are those of installed packages, the environment's and the user's unless given.
    """
    if folders is None:
        folders = (*site.getsitepackages(), site.getusersitepackages())
    found = set()
    for folder in map(Path, folders):
        found |= {path for pattern in PYTHON_RUNS for path in folder.glob(pattern)}
        found |= {path for path in folder.glob("*-info/entry_points.txt") if _has_plugin(path)}
    return {path for path in found if path.is_file()}


def cached_files(cache_dir: Path) -> set[Path]:
    """What is computed once, and believed from then on."""
    kept = {".json", ".pickle", ".sqlite"}
    return {
        path
        for folder in (cache_dir, cache_dir / "seeded")
        for path in folder.glob("*")
        if path.suffix in kept
    }


def _has_plugin(entry_points: Path) -> bool:
    try:
        return PLUGIN in entry_points.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False


def _is_graded(path: Path) -> bool:
    """Not what another interpreter compiled, nor pytest from a kata: conftest.py removes that."""
    if path.suffix == ".pyc":
        of_kata = "-pytest-" in path.name and "katas" in path.parts
        return TAG in path.name and not of_kata and path.is_file()
    return path.is_file()


def _state(path: Path) -> str:
    status = path.stat()
    if status.st_size > HASHED_AT_MOST:
        return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_compiled_source(path: Path) -> bool:
    """Whether a .pyc holds what Python makes of the source beside it."""
    try:
        source = Path(source_from_cache(path))
        compiled = marshal.loads(path.read_bytes()[PYC_HEADER:])
        return bool(compiled == compile(source.read_bytes(), os.fspath(source), "exec"))
    except (OSError, ValueError, EOFError, TypeError, SyntaxError):
        return False

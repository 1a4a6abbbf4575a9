"""A stranger's app/ copied to where it is judged, and the digest that tells it from every other.

Nothing is read that is not a plain file in that folder: links that lead out of it, devices and
pipes are refused, and so is what is too large to be an app.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from dojo.grading.archives import leads_out
from dojo.grading.bounds import Bounds
from dojo.grading.submission import Unreadable

__all__ = ["IGNORED", "copy_app", "find_app"]

IGNORED = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".git", ".DS_Store"}
BLOCK_BYTES = 1 << 20


def find_app(folder: Path) -> tuple[Path, Path | None]:
    """The app in what was handed in, and the project around it: None if it is app/ alone.

    The project may be in a single folder, as archives of a clone are. Unreadable if there is none.
    """
    for root in (folder, *_only_folder(folder)):
        app = root / "app"
        if app.is_symlink():
            raise Unreadable("app is a link, and must be a folder")
        if _is_file(app / "main.py"):
            return app, root
        if _is_file(root / "main.py"):
            return root, None
    raise Unreadable("it is no app: there is neither app/main.py nor main.py in it")


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _only_folder(folder: Path) -> Iterator[Path]:
    try:
        entries = [path for path in folder.iterdir() if path.name not in IGNORED | {"__MACOSX"}]
    except OSError as error:
        raise Unreadable(f"it can't be read ({error.strerror})") from error
    if len(entries) == 1 and entries[0].is_dir() and not entries[0].is_symlink():
        yield entries[0]


def copy_app(source: Path, target: Path, bounds: Bounds) -> str:
    """Copy the files of an app to a new folder; their digest. Caches of Python are left out."""
    digest = hashlib.sha256()
    bytes_left, files_left = bounds.app_bytes, bounds.app_files
    target.mkdir()
    for path in _files(source):
        name = path.relative_to(source)
        files_left -= 1
        if files_left < 0:
            raise Unreadable(f"app/ has more than {bounds.app_files:,} files")
        try:
            status = path.lstat()
            place = target / name
            if stat.S_ISDIR(status.st_mode):
                place.mkdir()
                continue
            digest.update(os.fsencode(name) + b"\0")
            if stat.S_ISLNK(status.st_mode):
                digest.update(b"link\0" + os.fsencode(_copy_link(path, name, place)) + b"\0")
                continue
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable(f"app/{name} is neither a file nor a folder")
            bytes_left -= status.st_size
            if bytes_left < 0:
                raise Unreadable(f"app/ has more than {bounds.app_bytes >> 20} MB")
            digest.update(_copy_file(path, place, status))
        except OSError as error:
            raise Unreadable(f"app/{name} can't be read ({error.strerror})") from error
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """What is in a folder and below, a folder before its content, in the order of names."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise Unreadable(f"{folder.name} can't be read ({error.strerror})") from error
    for path in entries:
        if path.name in IGNORED or path.suffix == ".pyc":
            continue
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)


def _copy_link(path: Path, name: Path, place: Path) -> str:
    leads_to = os.fspath(path.readlink())
    if leads_out(PurePosixPath(name.as_posix()), leads_to):
        raise Unreadable(f"the link app/{name} leads out of app/")
    place.symlink_to(leads_to)
    return leads_to


def _copy_file(path: Path, place: Path, status: os.stat_result) -> bytes:
    """The digest of its mode and content; never more of it than its size was."""
    digest = hashlib.sha256()
    left = status.st_size
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as content, place.open("xb") as copy:
        while left > 0 and (block := content.read(min(left, BLOCK_BYTES))):
            left -= len(block)
            digest.update(block)
            copy.write(block)
    is_program = bool(status.st_mode & stat.S_IXUSR)
    place.chmod(0o755 if is_program else 0o644)
    return (b"program" if is_program else b"file") + digest.digest()

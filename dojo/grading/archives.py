"""Unpacks an archive that a stranger made: nothing is written outside the target folder.

An archive with an entry that leads out of it is refused as a whole. It is run by itself in the
sandbox, `python -m dojo.grading.archives TARGET`, with the archive as its standard input: whatever
an archive does to Python's readers, it does not do to the facilitator's process.
"""

import os
import posixpath
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from dojo.grading.bounds import BOUNDS, Bounds
from dojo.grading.submission import Unreadable

__all__ = ["entry_path", "leads_out", "unpack"]

BLOCK_BYTES = 1 << 20
LEFT_OUT = {".git", ".venv", ".dojo", "node_modules", "__pycache__"}
ZIP_MAGIC = b"PK"
UNIX_LINK = 0o120000
UNIX_KIND = 0o170000


def entry_path(name: str) -> PurePosixPath | None:
    """The path of an entry below the target; None for what is left out.

    Unreadable if it leads out of the archive, or is no path at all.
    """
    name = name.replace("\\", "/")  # some programs on Windows write it
    path = PurePosixPath(name)
    if "\0" in name or path.is_absolute() or ".." in path.parts or name[1:2] == ":":
        raise Unreadable(f"the entry {name[:100]!r} leads out of the archive")
    return None if not path.parts or LEFT_OUT & set(path.parts) else path


def leads_out(path: PurePosixPath, target: str) -> bool:
    """Whether a symbolic link at `path` leads out of the folder in which the path begins."""
    if "\0" in target or posixpath.isabs(target):
        return True
    resolved = posixpath.normpath(posixpath.join(path.parent.as_posix(), target))
    return resolved == ".." or resolved.startswith("../")


@dataclass
class Unpacking:
    """Files are written at once; links last, so that no file is ever written through one."""

    target: Path
    bounds: Bounds
    written: int = 0  # bytes
    entries: int = 0
    links: dict[PurePosixPath, str] = field(default_factory=dict)

    def count(self) -> None:
        """One entry more, whatever it is."""
        self.entries += 1
        if self.entries > self.bounds.archive_files:
            raise Unreadable(f"the archive has more than {self.bounds.archive_files:,} entries")

    def write(self, path: PurePosixPath, content: IO[bytes], executable: bool) -> None:
        """A file, as far as the bounds allow."""
        place = self.target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as file:
            while block := content.read(BLOCK_BYTES):
                self.written += len(block)
                if self.written > self.bounds.archive_bytes:
                    raise Unreadable(
                        f"the archive has more than {self.bounds.archive_bytes >> 20} MB;"
                        " app/ alone is enough"
                    )
                file.write(block)
        place.chmod(0o755 if executable else 0o644)

    def link(self, path: PurePosixPath, leads_to: str) -> None:
        """A symbolic link, which is made in the end."""
        if leads_out(path, leads_to):
            raise Unreadable(f"the link {str(path)[:100]!r} leads out of the archive")
        self.links[path] = leads_to

    def finish(self) -> None:
        """Make the links."""
        for path, leads_to in self.links.items():
            place = self.target / path
            if place.is_symlink() or place.exists():
                raise Unreadable(f"the archive has {str(path)[:100]!r} twice")
            if place.parent.resolve() != self.target.resolve() / path.parent:
                raise Unreadable(f"the link {str(path)[:100]!r} is below another link")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(leads_to)


class CappedStream:
    """A stream that gives at most so many bytes, for a reader that believes what a header says."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream, self._left = stream, most

    def read(self, size: int = -1) -> bytes:
        """As of a file; Unreadable once there was too much."""
        block = self._stream.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise Unreadable("the archive is too large")
        return block


def unpack(stream: IO[bytes], target: Path, bounds: Bounds) -> None:
    """Unpack a .zip or a .tar, compressed or not, into a folder that is there.

    `stream` can be sought. Unreadable if it is no archive, is too large or leads out of the target.
    """
    unpacking = Unpacking(target, bounds)
    try:
        if stream.read(2) == ZIP_MAGIC:
            _unpack_zip(stream, unpacking)
        else:
            stream.seek(0)
            _unpack_tar(stream, unpacking)
        unpacking.finish()
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Unreadable(f"it is no archive that can be read ({error})") from error
    except (NotImplementedError, RuntimeError, ValueError) as error:  # encrypted, other methods
        raise Unreadable(f"it can't be unpacked ({error})") from error
    except OSError as error:
        raise Unreadable(f"it can't be unpacked ({error.strerror or error})") from error
    except (MemoryError, RecursionError) as error:
        raise Unreadable("it needs too much memory to be unpacked") from error


def _unpack_tar(stream: IO[bytes], unpacking: Unpacking) -> None:
    most = 5 * unpacking.bounds.archive_bytes  # with what is left out
    with tarfile.open(fileobj=stream, mode="r:*") as probe:
        compressed = probe.fileobj
        assert compressed is not None
        compressed.seek(0)
        capped = CappedStream(compressed, most)  # type: ignore[arg-type]
        with tarfile.open(fileobj=capped, mode="r|") as tar:  # type: ignore[call-overload]
            for member in _members(tar, unpacking):
                path = entry_path(member.name)
                if member.islnk() or member.issym():
                    if member.islnk():
                        raise Unreadable(f"the entry {member.name[:100]!r} is a hard link")
                    if path is not None:
                        unpacking.link(path, member.linkname)
                elif not member.isfile() and not member.isdir():
                    raise Unreadable(f"the entry {member.name[:100]!r} is neither file nor folder")
                elif path is not None and member.isfile():
                    content = tar.extractfile(member)
                    assert content is not None
                    unpacking.write(path, content, bool(member.mode & 0o100))


def _members(tar: tarfile.TarFile, unpacking: Unpacking) -> Iterator[tarfile.TarInfo]:
    while (member := tar.next()) is not None:
        unpacking.count()
        tar.members = []  # type: ignore[attr-defined]  # which it would keep all
        yield member


def _unpack_zip(stream: IO[bytes], unpacking: Unpacking) -> None:
    with zipfile.ZipFile(stream) as archive:
        for entry in archive.infolist():
            unpacking.count()
            path = entry_path(entry.filename)
            if path is None or entry.is_dir():
                continue
            mode = entry.external_attr >> 16
            with archive.open(entry) as content:
                if mode & UNIX_KIND == UNIX_LINK:
                    unpacking.link(path, os.fsdecode(content.read(4096)))
                else:
                    unpacking.write(path, content, bool(mode & 0o100))


def main(target: str) -> int:
    """The process: 0, or 1 and the reason as its output."""
    try:
        unpack(sys.stdin.buffer, Path(target), BOUNDS)
    except Unreadable as reason:
        print(reason)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

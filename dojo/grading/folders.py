"""The folders of runs: how much of the disk they take, and how they are taken away."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

__all__ = ["disk_bytes", "remove_folder"]

BLOCK_BYTES = 512  # of st_blocks
ENTRY_BYTES = 4096  # at least, so that a million empty files count, too


def remove_folder(folder: Path) -> None:
    """With all that is in it, whatever its modes; nothing happens if it is not there."""
    for place, names, _ in os.walk(folder):
        for below in (Path(place, name) for name in names):
            if not below.is_symlink():
                with suppress(OSError):
                    below.chmod(0o700)  # before it is walked into
    shutil.rmtree(folder, ignore_errors=True)


def disk_bytes(folder: Path, enough: int) -> int:
    """How much of the disk a folder takes; it stops counting above `enough`."""
    total, folders = 0, [os.fspath(folder)]
    while folders and total <= enough:
        with suppress(OSError):
            for entry in os.scandir(folders.pop()):
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    total += max(status.st_blocks * BLOCK_BYTES, ENTRY_BYTES)
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
    return total

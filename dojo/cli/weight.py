"""What files weigh on the disk."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

__all__ = ["weight_mb"]

BLOCK_BYTES = 512  # the unit of st_blocks, whatever the file system's own is
MB = 1e6


def weight_mb(paths: Iterable[Path]) -> float:
    """Megabytes that files, and folders with all in them, take on the disk; a file counts once."""
    blocks: dict[tuple[int, int], int] = {}
    for path in paths:
        for place in (path, *_below(path)):
            with suppress(OSError):  # gone meanwhile
                status = place.lstat()
                blocks[(status.st_dev, status.st_ino)] = status.st_blocks
    return sum(blocks.values()) * BLOCK_BYTES / MB


def _below(path: Path) -> Iterable[Path]:
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            yield Path(folder, name)

"""What the seed keeps in a folder between runs, and for how long. Several datasets may be there."""

import time
from contextlib import suppress
from pathlib import Path

__all__ = ["drop_old"]

WRITTEN_WITHIN_S = 600  # by a process that may still be at it


def drop_old(folder: Path, pattern: str) -> None:
    """Remove what matches, but the newest complete file: that of another dataset still in use.

    What is not complete has a process id for its suffix. It stays while it may still be written.
    """
    ages = {}
    for path in folder.glob(pattern):
        with suppress(OSError):  # gone meanwhile
            ages[path] = time.time() - path.stat().st_mtime
    unfinished = {path for path in ages if path.suffix[1:].isdigit()}
    complete = sorted(ages.keys() - unfinished, key=ages.__getitem__)
    given_up = [path for path in unfinished if ages[path] > WRITTEN_WITHIN_S]
    for path in (*complete[1:], *given_up):
        path.unlink(missing_ok=True)

"""The app's files, watched for changes by looking at them now and then."""

import stat
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["AppFiles"]

SETTLED_S = 0.15  # an editor may write in several steps; wait until none has followed for so long
WATCHED = {".py", ".sql", ".html", ".css", ".js", ".svg", ".json", ".toml", ".txt"}
Seen = dict[str, tuple[int, int]]


class AppFiles:
    """Tells which files were changed, added or removed since they were last asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._look()

    def changed(self) -> tuple[str, ...]:
        """Paths within the folder; empty if nothing has changed. Waits for a write to settle."""
        now = self._look()
        if now == self._seen:
            return ()
        while True:
            time.sleep(SETTLED_S)
            if (later := self._look()) == now:
                break
            now = later
        before, self._seen = self._seen, now
        return tuple(sorted(n for n in before.keys() | now.keys() if before.get(n) != now.get(n)))

    def _look(self) -> Seen:
        """Time and size of each file that an app is made of: no cache, no editor's backup."""
        seen: Seen = {}
        for path in self._folder.rglob("*"):
            name = path.relative_to(self._folder)
            if not any(part.startswith((".", "#", "__pycache__")) for part in name.parts):
                with suppress(OSError):  # gone meanwhile
                    about = path.stat()
                    if stat.S_ISREG(about.st_mode) and path.suffix in WATCHED:
                        seen[str(name)] = (about.st_mtime_ns, about.st_size)
        return seen

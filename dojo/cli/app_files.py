"""The app's files, watched for changes by polling."""

import stat
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["AppFiles"]

SETTLED_S = 0.15  # an editor may write in several steps; wait until none has followed for so long
WATCHED = {
    *(".py", ".sql", ".html", ".css", ".js", ".svg", ".json", ".toml", ".txt", ".yaml", ".yml"),
}
Stamps = dict[str, tuple[int, int]]  # modification time in ns and size of each file


class AppFiles:
    """Which files were changed, added or removed since the last call."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before = self._look()

    def changed(self) -> tuple[str, ...]:
        """Paths within the folder; empty if nothing has changed. Waits for a write to settle."""
        now = self._look()
        if now == self._before:
            return ()
        while True:
            time.sleep(SETTLED_S)
            if (later := self._look()) == now:
                break
            now = later
        before, self._before = self._before, now
        return tuple(sorted(n for n in before.keys() | now.keys() if before.get(n) != now.get(n)))

    def _look(self) -> Stamps:
        """Each file that the app is made of: no cache, no editor's backup."""
        stamps: Stamps = {}
        for path in self._folder.rglob("*"):
            name = path.relative_to(self._folder)
            if not any(part.startswith((".", "#", "__pycache__")) for part in name.parts):
                with suppress(OSError):  # gone meanwhile
                    status = path.stat()
                    if stat.S_ISREG(status.st_mode) and path.suffix in WATCHED:
                        stamps[str(name)] = (status.st_mtime_ns, status.st_size)
        return stamps

"""What the app prints: its first and its last lines, however many there are between.

Read from a pipe by a thread. It knows lines, and nothing of what they mean.
"""

import threading
from collections import deque
from contextlib import suppress
from typing import IO

__all__ = ["AppLog"]

FIRST_LINES, LAST_LINES = 200, 50_000
LINE_BYTES = 4000  # a longer line is cut into several


class AppLog:
    """A bounded log. `count` and `bytes` are of everything that was printed, stored or not."""

    def __init__(self) -> None:
        self._first: list[str] = []
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        self._lock = threading.Lock()
        self.count = self.bytes = 0

    def read(self, pipe: IO[bytes]) -> None:
        """Read until the pipe ends, or until somebody closes it."""
        with suppress(ValueError):  # closed while reading: the app was stopped
            while line := pipe.readline(LINE_BYTES):
                text = line.decode(errors="replace").rstrip("\n")
                with self._lock:
                    self.bytes += len(line)
                    self.count += 1
                    (self._first if len(self._first) < FIRST_LINES else self._last).append(text)

    def lines(self, since: int = 0) -> list[str]:
        """The stored lines, from line number `since` on."""
        with self._lock:
            dropped = self.count - len(self._first) - len(self._last)
            stored = [*self._first, *self._last]
            skip = since if since <= len(self._first) else max(len(self._first), since - dropped)
            return stored[skip:]

    def containing(self, text: str) -> tuple[str, ...]:
        """The stored lines in which a text stands."""
        return tuple(line for line in self.lines() if text in line)

"""The clock of a load: seconds since its start. Times are those of time.monotonic.

uvloop's own clock stands still within a turn of its loop, and its timers count whole milliseconds.
"""

import asyncio
import time

__all__ = ["Clock"]


class Clock:
    """Counts from `start`, a reading of time.monotonic, which may lie in the future."""

    def __init__(self, start: float = 0.0) -> None:
        self.start = start

    def now_s(self) -> float:
        """Seconds since the start; negative before it."""
        return time.monotonic() - self.start

    async def sleep_until(self, due_s: float) -> None:
        """Return at that time or after it, never before."""
        while (wait_s := due_s - self.now_s()) > 0:  # noqa: ASYNC110 - only the clock tells
            await asyncio.sleep(wait_s)

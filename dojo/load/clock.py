"""The clock of a load: seconds since its start. Times are those of time.monotonic.

uvloop's own clock stands still within a turn of its loop, and its timers count whole milliseconds.
"""

import asyncio
import time
from collections.abc import Callable

from dojo.load.alarms import Alarm, Alarms

__all__ = ["Clock"]


class Clock:
    """Counts from `start`, a reading of time.monotonic, which may lie in the future."""

    def __init__(self, alarms: Alarms, start: float = 0.0) -> None:
        self._alarms, self.start = alarms, start

    def now_s(self) -> float:
        """Seconds since the start; negative before it."""
        return time.monotonic() - self.start

    def call_at(self, due_s: float, callback: Callable[[], None]) -> Alarm:
        """Call at that time or soon after it, never before."""
        return self._alarms.call_at(self.start + due_s, callback)

    async def sleep_until(self, due_s: float) -> None:
        """Return at that time or after it, never before."""
        if due_s <= self.now_s():
            return
        woken = asyncio.Event()
        alarm = self.call_at(due_s, woken.set)
        try:
            await woken.wait()
        finally:
            alarm.cancelled = True

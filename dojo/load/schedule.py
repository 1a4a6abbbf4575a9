"""When each journey is started: at its intended time, whatever became of those before it."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from dojo.load.alarms import Alarm
from dojo.load.clock import Clock
from dojo.load.plan import Journey

__all__ = ["Schedule"]

Key = TypeVar("Key")  # what tells a journey from others: its place in a plan, for example


class Schedule(Generic[Key]):
    """Calls `start(key, journey)` when a journey is due, in the order in which they were added."""

    def __init__(self, clock: Clock, start: Callable[[Key, Journey], None]) -> None:
        self._clock, self._start = clock, start
        self._waiting: deque[tuple[Key, Journey]] = deque()
        self._alarm: Alarm | None = None
        self._all_started = asyncio.Event()

    def add(self, journeys: Iterable[tuple[Key, Journey]]) -> None:
        """Take more journeys, which are due after all those that came before."""
        self._waiting.extend(journeys)
        self._all_started.clear()
        if self._alarm is None:
            self._start_due()

    def stop(self) -> None:
        """Start nothing more."""
        self._waiting.clear()
        if self._alarm is not None:
            self._alarm.cancelled = True
            self._alarm = None

    async def all_started(self) -> None:
        """Wait until every journey that was added has been started."""
        await self._all_started.wait()

    def _start_due(self) -> None:
        self._alarm = None
        while self._waiting and self._waiting[0][1].intended_s <= self._clock.now_s():
            self._start(*self._waiting.popleft())
        if self._waiting:
            self._alarm = self._clock.call_at(self._waiting[0][1].intended_s, self._start_due)
        else:
            self._all_started.set()

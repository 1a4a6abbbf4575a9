"""Calls functions at exact times: within a tenth of a millisecond where a core is free.

The timers of event loops count whole milliseconds, and so would every request be late by half a
millisecond on average. Linux has timers that a loop can wait for as for a socket (timerfd), and
they cost no CPU while they wait. Elsewhere the loop's own timer serves.
"""

import asyncio
import ctypes
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

__all__ = ["Alarm", "Alarms", "LoopTimer", "Timer", "TimerFd"]

TICK_S = 0.0005  # uvloop rounds to whole ms; half of one more, so that little is called early
CLOCK_MONOTONIC, ABSOLUTE = 1, 1  # as <time.h> and <sys/timerfd.h> have them


@dataclass(slots=True, eq=False)
class Alarm:
    """A function that is to be called once; a cancelled one is not."""

    callback: Callable[[], None]
    cancelled: bool = False


class Timer(Protocol):
    """Calls one function soon after the time that was set last."""

    def set(self, at: float) -> None:
        """The next call is due at this reading of time.monotonic."""

    def close(self) -> None:
        """Call nothing any more."""


class TimerFd:
    """A timer of Linux. Raises OSError or AttributeError where there is none."""

    def __init__(self, callback: Callable[[], None]) -> None:
        self._loop, self._callback = asyncio.get_running_loop(), callback
        libc = ctypes.CDLL(None, use_errno=True)
        self._set_time = libc.timerfd_settime
        self._file = libc.timerfd_create(CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        if self._file < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create")
        # struct itimerspec: the period's seconds and nanoseconds, then those of the time itself
        self._spec = (ctypes.c_long * 4)()
        self._loop.add_reader(self._file, self._due)

    def set(self, at: float) -> None:
        """The next call is due at this reading of time.monotonic."""
        self._spec[2], self._spec[3] = divmod(max(1, int(at * 1e9)), 1_000_000_000)
        self._set_time(self._file, ABSOLUTE, self._spec, None)

    def close(self) -> None:
        """Call nothing any more."""
        self._loop.remove_reader(self._file)
        os.close(self._file)

    def _due(self) -> None:
        try:
            os.read(self._file, 8)
        except BlockingIOError:  # it was set anew in the same turn of the loop
            return
        self._callback()


class LoopTimer:
    """The event loop's own timer, for systems without timerfd."""

    def __init__(self, callback: Callable[[], None]) -> None:
        self._loop, self._callback = asyncio.get_running_loop(), callback
        self._handle: asyncio.TimerHandle | None = None

    def set(self, at: float) -> None:
        """The next call is due at this reading of time.monotonic."""
        self.close()
        wait_s = max(0.0, at - time.monotonic())
        self._handle = self._loop.call_later(wait_s + TICK_S, self._callback)

    def close(self) -> None:
        """Call nothing any more."""
        if self._handle is not None:
            self._handle.cancel()


class Alarms:
    """Any number of alarms over one timer. Needs a running loop; times are time.monotonic's."""

    def __init__(self, timer: Callable[[Callable[[], None]], Timer] | None = None) -> None:
        timer = timer or (TimerFd if sys.platform == "linux" else LoopTimer)
        self._timer = timer(self._call_due)
        self._waiting: list[tuple[float, int, Alarm]] = []
        self._numbers = count()  # alarms of one time are called in their order
        self._set_to = float("inf")

    def __enter__(self) -> "Alarms":
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.close()

    def call_at(self, at: float, callback: Callable[[], None]) -> Alarm:
        """Call at that time or soon after it, never before, and never from within this call."""
        alarm = Alarm(callback)
        heappush(self._waiting, (at, next(self._numbers), alarm))
        if at < self._set_to:
            self._set(at)
        return alarm

    def _call_due(self) -> None:
        self._set_to = float("inf")
        try:
            while self._waiting and self._waiting[0][0] <= time.monotonic():
                _, _, alarm = heappop(self._waiting)
                if not alarm.cancelled:
                    alarm.callback()
        finally:  # whatever a callback raised, the others are called
            if self._waiting and self._waiting[0][0] < self._set_to:
                self._set(self._waiting[0][0])

    def _set(self, at: float) -> None:
        self._set_to = at
        self._timer.set(at)

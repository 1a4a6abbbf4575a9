"""dojo.load.alarms: functions are called in time, in order, and never early."""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from dojo.load.alarms import Alarms, LoopTimer, Timer, TimerFd
from dojo.load.clock import Clock

TIMERS: list[Callable[[Callable[[], None]], Timer]] = [LoopTimer]
if sys.platform == "linux":
    TIMERS.append(TimerFd)

each_timer = pytest.mark.parametrize("timer", TIMERS)


def run(main: Callable[[Alarms], Coroutine[Any, Any, None]], timer: Any = None) -> None:
    """Run `main` with alarms in a loop of its own; a test that hangs fails."""

    async def within_limit() -> None:
        with Alarms(timer) as alarms:
            await asyncio.wait_for(main(alarms), 30)

    asyncio.run(within_limit())


@each_timer
def test_in_the_order_of_their_times(timer: Any) -> None:
    """Whatever the order in which they were set, and none of them early."""
    called = []

    def note(start: float, wait_s: float) -> None:
        called.append((wait_s, time.monotonic() - start))

    async def main(alarms: Alarms) -> None:
        now, done = time.monotonic(), asyncio.Event()
        for wait_s in (0.02, 0.005, 0.03, 0.0, 0.005):
            alarms.call_at(now + wait_s, partial(note, now, wait_s))
        alarms.call_at(now + 0.04, done.set)
        await done.wait()

    run(main, timer)
    assert [wait_s for wait_s, _ in called] == [0.0, 0.005, 0.005, 0.02, 0.03]
    assert all(at_s >= wait_s for wait_s, at_s in called)


@each_timer
def test_a_time_that_has_passed(timer: Any) -> None:
    """It is called soon, and not from within the call that sets it."""

    async def main(alarms: Alarms) -> None:
        done = asyncio.Event()
        alarms.call_at(0.0, done.set)
        assert not done.is_set()
        await done.wait()

    run(main, timer)


@each_timer
def test_a_cancelled_one_is_not_called(timer: Any) -> None:
    """Those after it are."""
    called = []

    async def main(alarms: Alarms) -> None:
        now, done = time.monotonic(), asyncio.Event()
        alarms.call_at(now + 0.005, lambda: called.append("cancelled")).cancelled = True
        alarms.call_at(now + 0.01, done.set)
        await done.wait()

    run(main, timer)
    assert called == []


@each_timer
def test_one_may_set_the_next(timer: Any) -> None:
    """A chain of alarms, each set by the one before."""
    called = []

    async def main(alarms: Alarms) -> None:
        done = asyncio.Event()

        def next_one() -> None:
            called.append(time.monotonic())
            if len(called) == 5:
                done.set()
            else:
                alarms.call_at(called[-1] + 0.002, next_one)

        alarms.call_at(time.monotonic(), next_one)
        await done.wait()

    run(main, timer)
    assert all(later - earlier >= 0.002 for earlier, later in pairwise(called))


def test_a_failure_harms_no_other() -> None:
    """What one callback raises keeps none of the others from being called."""
    problems = []

    async def main(alarms: Alarms) -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: problems.append(context)
        )
        now, done = time.monotonic(), asyncio.Event()

        def fail() -> None:
            raise ValueError("broken")

        alarms.call_at(now, fail)
        alarms.call_at(now + 0.005, done.set)
        await done.wait()

    run(main)
    assert [str(context["exception"]) for context in problems] == ["broken"]


def test_a_clock_sleeps_until_its_time() -> None:
    """Sleepers wake at their times on the clock or after them; who is cancelled leaves nothing."""

    async def main(alarms: Alarms) -> None:
        clock = Clock(alarms, time.monotonic() + 0.01)
        asleep = asyncio.create_task(clock.sleep_until(60.0))
        for due_s in (-1.0, 0.0, 0.01):
            await clock.sleep_until(due_s)
            assert clock.now_s() >= due_s
        asleep.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asleep

    run(main)

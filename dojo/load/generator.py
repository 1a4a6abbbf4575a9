"""The burst's generator, a process of its own: `python -m dojo.load.generator`.

It sends each journey of a plan at its intended time, and reports progress ten times a second.
Orders and messages are those of `dojo.load.burst`, sent as `dojo.worker` says.
"""

import asyncio
import gc
import resource
import sys
import time
from random import Random
from typing import Any

import uvloop

from dojo.load.alarms import Alarms
from dojo.load.burst import BurstOrder, BurstResult
from dojo.load.clock import Clock
from dojo.load.http_client import HttpClient
from dojo.load.journey_sender import JourneySender
from dojo.load.plan import Journey
from dojo.load.progress import BurstProgress, EventCounter
from dojo.load.sample import Sample
from dojo.load.schedule import Schedule
from dojo.worker import STOP, send_message, serve_orders

PROGRESS_S = 0.1
HEAD_START_S = 0.05
REQUEST_IDS = 0x5EED  # request ids are drawn from a stream of their own


class Burst:
    """Sends one plan, or less of it once `stop` is set."""

    def __init__(self, order: BurstOrder, alarms: Alarms, stop: asyncio.Event) -> None:
        self._plan, self._settings, self._stop = order.plan, order.settings, stop
        self._clock = Clock(alarms)
        self._client = HttpClient(order.settings.base_url)
        self._counter = EventCounter(order.settings.watch)
        rng = Random(order.plan.seed ^ REQUEST_IDS)
        self._sender = JourneySender(self._client, self._clock, rng, self._counter)
        self._journeys: list[asyncio.Task[tuple[Sample, ...]]] = []

    async def run(self) -> BurstResult:
        """Send it, and wait for the last answers as long as the settings say."""
        before_s = _cpu_s()
        self._clock.start = time.monotonic() + HEAD_START_S
        progress = asyncio.get_running_loop().create_task(self._send_progress())
        stopped_early = await self._send()
        burst_s = min(self._clock.now_s(), self._plan.duration_s)
        await self._drain(stopped_early)
        ended_s = self._clock.now_s()
        # a task that broke is a fault of ours: this raises it
        journeys = await asyncio.gather(*self._journeys)
        progress.cancel()
        self._client.close()
        send_message(self._progress())
        return BurstResult(
            samples=tuple(sample for samples in journeys for sample in samples),
            burst_s=burst_s,
            stopped_early=stopped_early,
            generator_cpu_s=_cpu_s() - before_s,
            generator_rss_bytes=_rss_bytes(),
            began_at_s=self._clock.start,
            ended_s=ended_s,
        )

    async def _send(self) -> bool:
        """Start each journey when it is due, to the end of the plan; True if stopped before it."""
        schedule = Schedule(self._clock, self._start)
        schedule.add(enumerate(self._plan.journeys))

        async def plan_over() -> None:
            await schedule.all_started()
            await self._clock.sleep_until(self._plan.duration_s)

        loop = asyncio.get_running_loop()
        ends = [loop.create_task(plan_over()), loop.create_task(self._stop.wait())]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        if stopped := self._stop.is_set():
            schedule.stop()
            self._sender.stop()
        return stopped

    def _start(self, place: int, journey: Journey) -> None:
        loop = asyncio.get_running_loop()
        self._journeys.append(loop.create_task(self._sender.send(place, journey)))

    async def _drain(self, stopped_early: bool) -> None:
        """Wait for what is under way, then cut it off."""
        drain_s = self._settings.drain_s
        if stopped_early:  # the verdict is certain: wait until what is pending can only be bad
            slowest_s = max((threshold_s for _, threshold_s in self._settings.watch), default=0.0)
            drain_s = min(drain_s, slowest_s or drain_s)
        if self._journeys:
            _, late = await asyncio.wait(self._journeys, timeout=drain_s)
            self._sender.stop()
            for journey in late:
                journey.cancel()

    async def _send_progress(self) -> None:
        while True:
            await asyncio.sleep(PROGRESS_S)
            self._counter.count_waiting(self._clock.now_s())
            send_message(self._progress())

    def _progress(self) -> BurstProgress:
        return BurstProgress(
            t_s=max(0.0, self._clock.now_s()),
            sent=self._sender.sent,
            done=self._sender.done,
            pending=self._sender.sent - self._sender.done,
            events=self._counter.bad(),
        )


async def _generate() -> None:
    """Send one plan after the other, and each one's result; its parent ends it."""
    stop = asyncio.Event()
    orders: asyncio.Queue[BurstOrder] = asyncio.Queue()

    def handle_order(order: Any) -> None:
        if order == STOP:
            stop.set()
        else:
            stop.clear()  # which may have come too late for the burst before
            orders.put_nowait(order)

    await serve_orders(handle_order)
    with Alarms() as alarms:
        while True:
            burst = Burst(await orders.get(), alarms, stop)
            gc.collect()
            gc.freeze()
            gc.disable()
            send_message(await burst.run())
            gc.unfreeze()
            gc.enable()


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _rss_bytes() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    uvloop.run(_generate())

"""The steady load's generator, a process of its own.

    python -m dojo.load.steady_generator BASE_URL

It sends journeys as the burst's generator does, but for hours. It gets slice after slice, tells
what came of each journey as soon as it is over, and forgets it. Orders are slices, messages are
finished journeys, both of `dojo.load.steady`, sent as `dojo.worker` says. After the order "stop"
the last message is the number of journeys that were cut off.
"""

import asyncio
import gc
import os
import sys
import traceback
from random import Random
from typing import Any

import uvloop

from dojo.load.alarms import Alarms
from dojo.load.clock import Clock
from dojo.load.http_client import HttpClient
from dojo.load.journey_sender import JourneySender
from dojo.load.plan import Journey
from dojo.load.progress import EventCounter
from dojo.load.schedule import Schedule
from dojo.load.server_timing import without_content
from dojo.load.steady import Finished
from dojo.worker import STOP, send_message, serve_orders

GIVE_UP_S = 10.0  # longest wait for one answer: what hangs for ever must not pile up
DRAIN_S = 1.0  # how long what is under way may go on after "stop"

Place = tuple[int, int]  # number of the slice, index in its plan


class SteadyGenerator:
    """Sends what it is handed, until it is told to stop."""

    def __init__(self, client: HttpClient, alarms: Alarms) -> None:
        self._clock = Clock(alarms)
        self._sender = JourneySender(client, self._clock, Random(0), EventCounter(()))
        self._schedule: Schedule[Place] = Schedule(self._clock, self._start)
        self._under_way: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()

    def handle_order(self, order: Any) -> None:
        """Take a slice, or stop."""
        if order == STOP:
            self._stop.set()
            return
        self._clock.start = order.start
        journeys = enumerate(order.plan.journeys)
        self._schedule.add(((order.number, place), journey) for place, journey in journeys)

    async def run(self) -> int:
        """Work until told to stop; how many journeys were not over a moment later."""
        await self._stop.wait()
        self._schedule.stop()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=DRAIN_S)
        return len(self._under_way)

    def _start(self, place: Place, journey: Journey) -> None:
        task = asyncio.get_running_loop().create_task(self._send(place, journey))
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    async def _send(self, place: Place, journey: Journey) -> None:
        number, index = place
        samples = await self._sender.send(index, journey)
        bare = tuple(without_content(sample) for sample in samples)
        send_message(Finished(number, index, self._clock.now_s(), bare))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            traceback.print_exception(error)
            sys.stderr.flush()
            os._exit(1)


async def _generate(base_url: str) -> None:
    with Alarms() as alarms:
        generator = SteadyGenerator(HttpClient(base_url, GIVE_UP_S), alarms)
        await serve_orders(generator.handle_order)
        gc.collect()
        gc.freeze()
        send_message(await generator.run())
        os._exit(0)  # what is cut off needs no end of its own


if __name__ == "__main__":
    uvloop.run(_generate(sys.argv[1]))

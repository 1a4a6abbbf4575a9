"""The same site under an open and under a closed load, one after the other.

Open: visitors come when they come, whatever became of those before them. Closed: a few visitors
take turns, and each waits for its answer before it goes on. The client is the katas' own.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

from dojo.load.alarms import Alarms
from dojo.load.clock import Clock
from dojo.load.http_client import HttpClient
from dojo.load.journey_sender import JourneySender
from dojo.load.plan import Journey, Step, poisson_arrivals
from dojo.load.progress import EventCounter
from dojo.load.sample import Sample
from dojo.load.schedule import Schedule
from dojo.load.stalling_server import Stall, stalling_server

__all__ = ["Comparison", "Seen", "compare"]

HEAD_START_S = 0.2  # for server and client to be there before the first visitor
SEED = 7
STALL = Stall(2.0, 3.2)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared: the server, and the two loads that are sent to it."""

    length_s: float = 6.0
    rate_per_s: float = 50.0  # of the open load, as many as the closed load gets while all is well
    visitors: int = 5  # of the closed load
    pause_s: float = 0.095  # of each of them, between an answer and the next request
    service_s: float = 0.005
    stall: Stall = STALL


@dataclass(frozen=True, slots=True)
class Seen:
    """What one load saw: response times in seconds by the moment at which each visitor came."""

    times_s: tuple[float, ...]
    came_at_s: tuple[float, ...]

    def came_during(self, stall: Stall) -> int:
        """How many visitors came while the server stood still."""
        return sum(map(stall.holds, self.came_at_s))


async def compare(comparison: Comparison) -> tuple[Seen, Seen]:
    """What the closed load sees, and what the open load sees: each has its server to itself."""
    async with _site(comparison) as (clock, sender):
        closed = _seen(await _closed_load(comparison, clock, sender))
    async with _site(comparison) as (clock, sender):
        opened = _seen(await _open_load(comparison, clock, sender))
    return closed, opened


@asynccontextmanager
async def _site(comparison: Comparison) -> AsyncIterator[tuple[Clock, JourneySender]]:
    """A server and a client for it, on a clock that starts soon."""
    start = time.monotonic() + HEAD_START_S
    with Alarms() as alarms:
        clock = Clock(alarms, start)
        async with stalling_server(comparison.service_s, comparison.stall, start) as base_url:
            client = HttpClient(base_url)
            try:
                yield clock, JourneySender(client, clock, Random(SEED), EventCounter(()))
            finally:
                client.close()


def _visit(at_s: float) -> Journey:
    return Journey("visit", (Step("page", "GET", "/"),), at_s)


async def _open_load(
    comparison: Comparison, clock: Clock, sender: JourneySender
) -> list[tuple[Sample, ...]]:
    """Each visitor at a moment that was fixed before."""
    count = round(comparison.rate_per_s * comparison.length_s)
    arrivals = poisson_arrivals(Random(SEED), count, comparison.length_s)
    visits: list[asyncio.Task[tuple[Sample, ...]]] = []

    def start(place: int, journey: Journey) -> None:
        visits.append(asyncio.get_running_loop().create_task(sender.send(place, journey)))

    schedule = Schedule(clock, start)
    schedule.add(enumerate(map(_visit, arrivals)))
    await schedule.all_started()
    return await asyncio.gather(*visits)


async def _closed_load(
    comparison: Comparison, clock: Clock, sender: JourneySender
) -> list[tuple[Sample, ...]]:
    """A few visitors, each of whom waits for the answer, pauses, and comes again."""
    visits: list[tuple[Sample, ...]] = []

    async def visitor(number: int) -> None:
        await clock.sleep_until(number * comparison.pause_s / comparison.visitors)
        while (now_s := clock.now_s()) < comparison.length_s:
            visits.append(await sender.send(len(visits), _visit(now_s)))
            await asyncio.sleep(comparison.pause_s)

    await asyncio.gather(*map(visitor, range(comparison.visitors)))
    return visits


def _seen(visits: list[tuple[Sample, ...]]) -> Seen:
    """The visits that were answered; on loopback, from this server, these are all."""
    answered = [
        (sample.latency_s, sample.intended_s)
        for samples in visits
        for sample in samples
        if sample.latency_s is not None
    ]
    return Seen(tuple(time_s for time_s, _ in answered), tuple(at_s for _, at_s in answered))

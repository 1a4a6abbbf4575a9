"""The background load's generator, a process of its own.

    python -m dojo.load.steady_generator BASE_URL

Sends journeys as the burst's generator does, but for hours: it is handed slice after slice, tells
what came of each journey as soon as it is over, and forgets it. Orders and answers are pickles in
base64, one a line. It says "ready", ends after "stop" with the number of journeys that were not
over by then, and ends when its input does.
"""

import asyncio
import base64
import gc
import os
import pickle
import sys
import traceback
from collections import deque
from typing import Any

import aiohttp
import uvloop

from dojo.load.burst import BurstSettings
from dojo.load.generator import TICK_S, Generator, Journey, allow_open_files, client

__all__ = ["GIVE_UP_S", "STOP", "packed", "unpacked"]

GIVE_UP_S = 10.0  # longest wait for one answer: what hangs for ever must not pile up
DRAIN_S = 1.0  # how long what is under way may go on after "stop"
STOP = b"stop\n"


class Visitors(Generator):
    """Sends what it is handed. Times count from `start`, a reading of time.monotonic."""

    def __init__(self, base_url: str) -> None:
        super().__init__(0, 0.0, [], BurstSettings(base_url))
        self._waiting: deque[tuple[tuple[int, int], Journey]] = deque()
        self._going: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._session: aiohttp.ClientSession | None = None
        self._serial = 0

    async def receive(self) -> None:
        """Work until told to stop; what is under way gets a moment to come in."""
        loop = asyncio.get_running_loop()
        self._stop, self._ended = asyncio.Event(), asyncio.Event()
        async with client(GIVE_UP_S) as self._session:
            await loop.connect_read_pipe(lambda: _Orders(self), sys.stdin)
            gc.collect()
            gc.freeze()
            print("ready", flush=True)
            await self._ended.wait()
            if self._timer is not None:
                self._timer.cancel()
            if self._going:
                await asyncio.wait(self._going, timeout=DRAIN_S)
            self._answer(len(self._going))
            os._exit(0)  # closing the session would make failures of what is cut off

    def hand(self, number: int, start: float, journeys: list[Journey]) -> None:
        """Take one slice more; its journeys are due after all those that came before."""
        self._start = start
        self._waiting.extend(((number, place), one) for place, one in enumerate(journeys))
        if self._timer is None:
            self._fire_due()

    def end(self) -> None:
        """Start nothing more."""
        self._ended.set()

    def _fire_due(self) -> None:
        """Start each journey when it is due."""
        loop, self._timer = asyncio.get_running_loop(), None
        while self._waiting and self._waiting[0][1][1] <= self._now():
            task = loop.create_task(self._visit(*self._waiting.popleft()))
            self._going.add(task)
            task.add_done_callback(self._over)
        if self._waiting:
            wait_s = self._waiting[0][1][1] - self._now()
            self._timer = loop.call_later(max(0.0, wait_s) + TICK_S, self._fire_due)

    async def _visit(self, key: tuple[int, int], journey: Journey) -> None:
        assert self._session is not None
        self._serial += 1  # of this load: a place in a slice comes again in the next one
        records = await self._journey(self._session, self._serial, journey)
        for record in records:
            record.headers, record.body = {}, b""  # nobody reads them any more
        self._answer((*key, self._now(), [one.fields() for one in records]))

    def _answer(self, value: Any) -> None:
        sys.stdout.buffer.write(packed(value))
        sys.stdout.buffer.flush()

    def _over(self, task: asyncio.Task[None]) -> None:
        self._going.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            traceback.print_exception(error)
            sys.stderr.flush()
            os._exit(1)


class _Orders(asyncio.Protocol):
    """The parent's side of the input; its end means end at once."""

    def __init__(self, visitors: Visitors) -> None:
        self._visitors, self._rest = visitors, b""

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line == STOP.strip():
                self._visitors.end()
            else:
                self._visitors.hand(*unpacked(line))

    def connection_lost(self, exc: Exception | None) -> None:
        os._exit(3)


def packed(value: Any) -> bytes:
    """One line of what parent and child say to each other."""
    return base64.b64encode(pickle.dumps(value, protocol=5)) + b"\n"


def unpacked(line: bytes) -> Any:
    """What such a line says."""
    return pickle.loads(base64.b64decode(line))


if __name__ == "__main__":
    allow_open_files()
    uvloop.run(Visitors(sys.argv[1]).receive())

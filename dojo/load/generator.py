"""The load generator, a process of its own: `python -m dojo.load.generator PLAN RESULT`.

It sends each journey at its intended time, whatever became of those before, and measures from that
time to the last byte. It runs on aiohttp, whose client is cheap enough not to be what is measured.
It says "ready", waits for "go", takes "stop", and ends when its input does: it never outlives the
grader. Times come from time.monotonic, since uvloop's own clock stands still within a turn.
"""

import asyncio
import gc
import json
import os
import pickle
import resource
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import uvloop

from dojo.load.burst import BurstSettings, LiveCount, Visit
from dojo.load.capture import Captured, capture, fill
from dojo.load.plan import BROWSER, Step

MOST_BODY = 2 << 20
KEPT_OF_TOO_LARGE = 64 << 10
LIVE_S, PROBE_S = 0.1, 0.01
TICK_S = 0.0005  # uvloop rounds to whole ms; half of one more, so that nothing is sent early
HEAD_START_S = 0.05
OVERTIME_S = 5.0
KEEP_ALIVE_S = 4.0  # below uvicorn's 5 s, so that no request meets a connection about to close
OPEN_FILES = 8192


Journey = tuple[str, float, tuple[Step, ...]]  # name, intended start, steps


@dataclass(slots=True)
class Record:
    """One step as it goes; its fields, in their order, are those of dojo.load.sample.Sample."""

    journey: int
    step: int
    request_id: str
    intended_s: float
    sent_s: float | None = None
    done_s: float | None = None
    status: int | None = None
    error: str | None = None
    detail: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    accepts: tuple[int, ...] = ()

    def fields(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    @property
    def failed(self) -> bool:
        status = self.status or 500
        refused = status not in self.accepts if self.accepts else status >= 400
        return self.error is not None or refused


class Generator:
    """Sends one plan, given as journeys of (name, intended start, steps)."""

    def __init__(
        self,
        seed: int,
        duration_s: float,
        journeys: list[Journey],
        settings: BurstSettings,
    ) -> None:
        self._duration_s, self._journeys, self._settings = duration_s, journeys, settings
        self._rng = Random(seed ^ 0x5EED)
        self._count = LiveCount(settings.watch)
        self._under_way: dict[int, Visit] = {}
        self._tasks: list[asyncio.Task[list[Record]]] = []
        self._sent = self._done = 0
        self._lags: list[float] = [0.0]
        self._start = 0.0

    def _now(self) -> float:
        return time.monotonic() - self._start

    async def run(self) -> dict[str, Any]:
        """The whole burst; what `dojo.load.burst` reads back."""
        loop = asyncio.get_running_loop()
        go, self._stop = asyncio.Event(), asyncio.Event()
        await loop.connect_read_pipe(lambda: _Orders(go, self._stop), sys.stdin)
        async with client() as session:
            gc.collect()
            gc.freeze()
            gc.disable()
            print("ready", flush=True)
            await go.wait()
            before = _cpu_s()
            self._start = time.monotonic() + HEAD_START_S
            _end_at_latest(self._duration_s + self._settings.drain_s + OVERTIME_S)
            beside = [loop.create_task(self._tell()), loop.create_task(self._probe())]
            await self._fire(session)
            burst_s, stopped = min(self._now(), self._duration_s), self._stop.is_set()
            if self._tasks:
                drain_s = self._settings.drain_s
                if stopped:  # the verdict is certain: wait until what is pending can only be bad
                    slowest_s = max((limit_s for _, limit_s in self._settings.watch), default=0.0)
                    drain_s = min(drain_s, slowest_s or drain_s)
                _, late = await asyncio.wait(self._tasks, timeout=drain_s)
                for task in late:
                    task.cancel()
            # a task that broke is a fault of ours: say so
            gathered = await asyncio.gather(*self._tasks)
            for other in beside:
                other.cancel()
            self._print_live()
            lags = sorted(self._lags)
            return {
                "samples": [record.fields() for steps in gathered for record in steps],
                "burst_s": burst_s,
                "stopped_early": stopped,
                "cpu_s": _cpu_s() - before,
                "rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                * (1 if sys.platform == "darwin" else 1024),
                "loop_lag_p99_s": lags[int(0.99 * (len(lags) - 1))],
                "loop_lag_max_s": lags[-1],
            }

    async def _fire(self, session: aiohttp.ClientSession) -> None:
        """Start each journey when it is due, until the plan or an order ends it."""
        loop, index, over = asyncio.get_running_loop(), 0, asyncio.Event()

        def fire() -> None:
            nonlocal index
            if self._stop.is_set():
                return
            while index < len(self._journeys) and self._journeys[index][1] <= self._now():
                journey = self._journeys[index]
                self._tasks.append(loop.create_task(self._journey(session, index, journey)))
                index += 1
            due_s = self._journeys[index][1] if index < len(self._journeys) else self._duration_s
            if (wait_s := due_s - self._now()) > 0 or index < len(self._journeys):
                loop.call_later(max(0.0, wait_s) + TICK_S, fire)
            else:
                over.set()

        fire()
        ends = [loop.create_task(over.wait()), loop.create_task(self._stop.wait())]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in ends:
            task.cancel()

    async def _journey(
        self, session: aiohttp.ClientSession, index: int, journey: Journey
    ) -> list[Record]:
        name, due_s, steps = journey
        ids = [f"{self._rng.getrandbits(128):032x}" for _ in steps]
        records = [
            Record(index, place, each, due_s, accepts=step.accepts)
            for place, (each, step) in enumerate(zip(ids, steps, strict=True))
        ]
        visit = self._under_way[index] = Visit(name, due_s)
        captured, cookies = Captured(), dict[str, str]()
        with suppress(asyncio.CancelledError):  # only ever when the drain is over
            for step, record in zip(steps, records, strict=True):
                if record.step:
                    due_s += step.think_s
                    record.intended_s = visit.waits_from_s = due_s
                    await self._until(due_s)
                    if self._stop.is_set():
                        break
                await self._send(session, step, record, captured, cookies)
                if record.failed:
                    break
                due_s = record.done_s or due_s
                visit.spent_s += due_s - record.intended_s
        for record in records:
            if record.sent_s is None:
                record.error = "not_sent"
            elif record.done_s is None and record.error is None:
                record.error = "timeout"
                record.detail = f"no answer when the burst ended, at {self._now():.1f} s"
        del self._under_way[index]
        if any(record.failed for record in records if record.sent_s is not None):
            self._count.judge(visit, float("inf"), ended=True)
        elif records[-1].sent_s is not None:  # else cut short by "stop", and never to be known
            self._count.judge(visit, visit.spent_s, ended=True)
        return records

    async def _until(self, due_s: float) -> None:
        """Sleep until then and never less: uvloop counts from the start of its turn."""
        while (wait_s := due_s - self._now()) > 0:  # noqa: ASYNC110 - nothing else tells the time
            await asyncio.sleep(wait_s)

    async def _send(
        self,
        session: aiohttp.ClientSession,
        step: Step,
        record: Record,
        captured: Captured,
        cookies: dict[str, str],
    ) -> None:
        path, headers, body = fill(step, captured)
        if cookies:
            headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in cookies.items())
        headers["X-Request-ID"] = record.request_id
        record.sent_s = self._now()
        self._sent += 1
        try:
            async with session.request(
                step.method,
                self._settings.base_url + path,
                headers=headers,
                data=body or None,
                allow_redirects=False,
            ) as answer:
                record.status = answer.status
                record.headers = _headers(answer)
                record.body = await _body(answer)
                if len(record.body) > MOST_BODY:
                    answer.close()
                    record.body = record.body[:KEPT_OF_TOO_LARGE]
                    record.error = "wrong_content"
                    record.detail = f"too large: over {MOST_BODY >> 20} MB"
                else:
                    record.done_s = self._now()
                for key, morsel in answer.cookies.items():
                    cookies[key] = morsel.value
                    if morsel["max-age"] == "0" or not morsel.value:
                        del cookies[key]
        except ValueError as error:  # a captured value that no header or address can hold
            record.error, record.detail = "wrong_content", f"{type(error).__name__}: {error}"
        except TimeoutError:
            record.error, record.detail = "timeout", "no answer for too long"
        except (aiohttp.ClientError, OSError) as error:
            record.error, record.detail = "connection", f"{type(error).__name__}: {error}"
        self._done += 1
        if step.capture and not record.failed:
            record.detail = capture(step, record.body, captured)
            record.error = "wrong_content" if record.detail else None

    async def _probe(self) -> None:
        """How late the loop itself is: what the generator adds to a latency."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(PROBE_S)
            self._lags.append(max(0.0, time.monotonic() - began - PROBE_S))

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(LIVE_S)
            now = self._now()
            for visit in self._under_way.values():  # think time is no waiting
                waited_s = max(0.0, now - visit.waits_from_s)
                self._count.judge(visit, visit.spent_s + waited_s, ended=False)
            self._print_live()

    def _print_live(self) -> None:
        told = {
            "t": max(0.0, self._now()),
            "sent": self._sent,
            "done": self._done,
            "pending": self._sent - self._done,
            "events": self._count.told(),
        }
        print(json.dumps(told), flush=True)


def client(give_up_s: float | None = None) -> aiohttp.ClientSession:
    """What requests are sent with: a browser's headers, no limit on connections, no retries."""
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_S),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=give_up_s),
        headers=BROWSER,
    )
    # aiohttp repeats an idempotent request once if a kept connection drops it; a visitor's
    # browser may, a measurement may not
    session._retry_connection = False
    return session


class _Orders(asyncio.Protocol):
    """The parent's side of the input: "go", "stop"; and its end means end at once."""

    def __init__(self, go: asyncio.Event, stop: asyncio.Event) -> None:
        self._go, self._stop = go, stop

    def data_received(self, data: bytes) -> None:
        if b"go" in data:
            self._go.set()
        if b"stop" in data:
            self._stop.set()

    def connection_lost(self, exc: Exception | None) -> None:
        os._exit(3)


def _headers(answer: aiohttp.ClientResponse) -> dict[str, str]:
    """By lower-case name; of headers that came more than once, each value on a line of its own."""
    found: dict[str, str] = {}
    for key, value in answer.headers.items():
        name = key.lower()
        found[name] = f"{found[name]}\n{value}" if name in found else value
    return found


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    """The body, cut off once it is larger than any page may be, packed or not."""
    packed = "Content-Encoding" in answer.headers
    if not packed and answer.content_length is not None and answer.content_length <= MOST_BODY:
        return await answer.read()
    parts, size = [], 0
    async for part in answer.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > MOST_BODY:
            break
    return b"".join(parts)


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _end_at_latest(after_s: float) -> None:
    def end() -> None:
        os.write(2, f"the burst was not over after {after_s:g} s\n".encode())
        os._exit(4)

    timer = threading.Timer(after_s, end)
    timer.daemon = True
    timer.start()


def allow_open_files() -> None:
    """A slow app's visitors hold hundreds of connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main(plan_file: str, result_file: str) -> None:
    """Read the plan, send it, write the samples."""
    allow_open_files()
    generator = Generator(*pickle.loads(Path(plan_file).read_bytes()))
    result = uvloop.run(generator.run())
    with Path(result_file).open("wb") as written:
        pickle.dump(result, written, protocol=5)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

"""The load generator, a process of its own: `python -m dojo.generator PLAN RESULT`.

It sends each journey at its intended time, whatever became of those before, and measures from that
time to the last byte. It runs on aiohttp, whose client is cheap enough not to be what is measured.
It ends when its input does, so it never outlives the grader.
"""

import asyncio
import contextlib
import gc
import json
import os
import pickle
import resource
import sys
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import uvloop

from dojo.burst import BurstSettings
from dojo.traffic import Step

MOST_BODY = 2 << 20
LIVE_S = 0.1
KEEP_ALIVE_S = 4.0  # below uvicorn's 5 s, so that no request meets a connection about to close
OPEN_FILES = 8192
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-GB,en;q=0.9",
    "Accept-Encoding": "gzip, deflate",
}


class Record:
    """One step as it went; becomes a dojo.sample.Sample, field by field."""

    __slots__ = (
        "body",
        "detail",
        "done_s",
        "error",
        "headers",
        "intended_s",
        "journey",
        "request_id",
        "sent_s",
        "status",
        "step",
    )

    def __init__(self, journey: int, step: int, request_id: str, intended_s: float) -> None:
        self.journey, self.step = journey, step
        self.request_id, self.intended_s = request_id, intended_s
        self.sent_s: float | None = None
        self.done_s: float | None = None
        self.status: int | None = None
        self.error: str | None = None
        self.detail = ""
        self.headers: dict[str, str] = {}
        self.body = b""

    def fields(self) -> tuple[Any, ...]:
        """In the order of Sample's fields."""
        return (
            *(self.journey, self.step, self.request_id, self.intended_s, self.sent_s),
            *(self.done_s, self.status, self.error, self.detail, self.headers, self.body),
        )


class Generator:
    """Sends one plan."""

    def __init__(
        self,
        seed: int,
        duration_s: float,
        journeys: list[tuple[str, float, tuple[Step, ...]]],
        settings: BurstSettings,
    ) -> None:
        self._duration_s, self._journeys, self._settings = duration_s, journeys, settings
        self._rng = Random(seed ^ 0x5EED)
        self._records: list[list[Record]] = []
        self._bad: dict[str, dict[float, int]] = {}
        for name, threshold_s in settings.watch:
            self._bad.setdefault(name, {})[threshold_s] = 0
        self._pending: dict[int, float] = {}  # journeys under way: index to intended start
        self._overdue: dict[int, set[float]] = {}  # thresholds already counted as bad
        self._sent = self._done = 0
        self._stop = asyncio.Event()
        self._start = 0.0

    def _now(self) -> float:
        return asyncio.get_running_loop().time() - self._start

    async def run(self) -> dict[str, Any]:
        """The whole burst; what `dojo.burst` reads back."""
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: _Orders(self._stop), sys.stdin)
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_S)
        timeout = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=timeout
        ) as session:
            # aiohttp repeats an idempotent request once if a kept connection drops it; a visitor's
            # browser may, a measurement may not
            session._retry_connection = False
            gc.collect()
            gc.freeze()
            gc.disable()
            self._start = loop.time() + 0.05
            live = loop.create_task(self._tell())
            tasks = await self._fire(session)
            burst_s = min(self._now(), self._duration_s)
            stopped = self._stop.is_set()
            if tasks:
                _, late = await asyncio.wait(tasks, timeout=self._settings.drain_s)
                for task in late:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            live.cancel()
            self._print_live()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        scale = 1 if sys.platform == "darwin" else 1024
        return {
            "samples": [record.fields() for steps in self._records for record in steps],
            "burst_s": burst_s,
            "stopped_early": stopped,
            "cpu_s": usage.ru_utime + usage.ru_stime,
            "rss_bytes": usage.ru_maxrss * scale,
        }

    async def _fire(self, session: aiohttp.ClientSession) -> list["asyncio.Task[None]"]:
        """Start each journey when it is due, until the plan or an order ends it."""
        loop = asyncio.get_running_loop()
        tasks: list[asyncio.Task[None]] = []
        for index, (_, intended_s, _steps) in enumerate(self._journeys):
            wait_s = intended_s - self._now()
            if wait_s > 0:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), wait_s)
            if self._stop.is_set():
                return tasks
            tasks.append(loop.create_task(self._journey(session, index)))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), max(0.0, self._duration_s - self._now()))
        return tasks

    async def _journey(self, session: aiohttp.ClientSession, index: int) -> None:
        name, due_s, steps = self._journeys[index]
        records = [
            Record(index, place, f"{self._rng.getrandbits(64):016x}", due_s)
            for place in range(len(steps))
        ]
        self._records.append(records)
        self._pending[index] = due_s
        captured: dict[str, str] = {}
        cookies: dict[str, str] = {}
        spent_s = 0.0
        failed = False
        try:
            for place, (step, record) in enumerate(zip(steps, records, strict=True)):
                if place:
                    record.intended_s = (records[place - 1].done_s or 0.0) + step.think_s
                    await asyncio.sleep(max(0.0, record.intended_s - self._now()))
                await self._send(session, step, record, captured, cookies)
                if record.error or (record.status or 500) >= 400:
                    failed = True
                    break
                spent_s += (record.done_s or 0.0) - record.intended_s
        except asyncio.CancelledError:
            failed = True
        for record in records:
            if record.sent_s is None:
                record.error = "not_sent"
            elif record.done_s is None and record.error is None:
                record.error = "timeout"
                record.detail = f"no answer when the burst ended, after {self._now():.1f} s"
        self._pending.pop(index, None)
        counted = self._overdue.pop(index, set())
        for threshold_s in self._bad.get(name, ()):
            if (failed or spent_s > threshold_s) and threshold_s not in counted:
                self._bad[name][threshold_s] += 1

    async def _send(
        self,
        session: aiohttp.ClientSession,
        step: Step,
        record: Record,
        captured: dict[str, str],
        cookies: dict[str, str],
    ) -> None:
        headers = {**BROWSER, **step.headers, "X-Request-ID": record.request_id}
        path, body = step.path, step.body
        if captured:
            path = _filled(path, captured)
            body = _filled(body.decode(), captured).encode()
            headers = {key: _filled(value, captured) for key, value in headers.items()}
        if cookies:
            headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in cookies.items())
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
                record.headers = {key.lower(): value for key, value in answer.headers.items()}
                record.body = await _body(answer)
                record.done_s = self._now()
                if len(record.body) > MOST_BODY:
                    record.error, record.detail = "wrong_content", f"over {MOST_BODY >> 20} MB"
                    answer.close()
                for value in answer.headers.getall("set-cookie", ()):
                    cookies.update({k: m.value for k, m in SimpleCookie(value).items()})
        except (aiohttp.ClientError, OSError) as error:
            record.error, record.detail = "connection", f"{type(error).__name__}: {error}"
        self._done += 1
        if step.capture and record.error is None and (record.status or 500) < 400:
            if problem := _capture(step, record.body, captured):
                record.error, record.detail = "wrong_content", problem

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(LIVE_S)
            now = self._now()
            for index, intended_s in self._pending.items():
                name, _, steps = self._journeys[index]
                for threshold_s in self._bad.get(name, ()):
                    counted = self._overdue.setdefault(index, set())
                    alone = len(steps) == 1  # think time is no waiting
                    if alone and now - intended_s > threshold_s and threshold_s not in counted:
                        counted.add(threshold_s)
                        self._bad[name][threshold_s] += 1
            self._print_live()

    def _print_live(self) -> None:
        told = {
            "t": max(0.0, self._now()),
            "sent": self._sent,
            "done": self._done,
            "pending": self._sent - self._done,
            "events": self._bad,
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


class _Orders(asyncio.Protocol):
    """The parent's side of the input: a line means stop, its end means end at once."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop

    def data_received(self, data: bytes) -> None:
        self._stop.set()

    def connection_lost(self, exc: Exception | None) -> None:
        os._exit(3)


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    """The body, cut off once it is larger than any page may be."""
    if answer.content_length is not None and answer.content_length <= MOST_BODY:
        return await answer.read()
    parts, size = [], 0
    async for part in answer.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > MOST_BODY:
            break
    return b"".join(parts)


def _filled(text: str, captured: dict[str, str]) -> str:
    for name, value in captured.items():
        text = text.replace("{{" + name + "}}", value)
    return text


def _capture(step: Step, body: bytes, captured: dict[str, str]) -> str | None:
    """Take what later steps need out of a JSON answer; what is wrong with it, or None."""
    for name, path in step.capture.items():
        try:
            value: Any = json.loads(body)
            for key in path.split("."):
                value = value[int(key)] if isinstance(value, list) else value[key]
        except (ValueError, LookupError, TypeError):
            return f"{step.method} {step.path} did not answer with {path} in JSON"
        captured[name] = value if isinstance(value, str) else json.dumps(value)
    return None


def main(plan_file: str, result_file: str) -> None:
    """Read the plan, send it, write the samples."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    made: Callable[[], Any] = Generator(*pickle.loads(Path(plan_file).read_bytes())).run
    result = uvloop.run(made())
    Path(result_file).write_bytes(pickle.dumps(result))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

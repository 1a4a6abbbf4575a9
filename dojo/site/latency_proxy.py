"""The distance between the app and Postgres: a proxy in a process of its own.

    python -m dojo.site.latency_proxy --to HOST:PORT --round-trip-ms 2

On loopback a query costs next to nothing, and code that asks too often looks fine. A database in
another zone answers a fixed time later; so does this one, on every machine alike.

The whole round trip is spent on the way up, by one timer instead of two, so that its error is
spent once. uvloop's timers and clock count whole milliseconds, which is as good as the delay
itself (2 ms asked for came after as little as 1.2), and so does the timeout of epoll. Hence
asyncio's own loop, and under Linux a selector that waits for epoll's descriptor with select().
"""

import argparse
import asyncio
import contextlib
import json
import select
import selectors
import subprocess
import sys
import threading
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from dojo.errors import GraderFault

__all__ = ["Distance", "DistanceStats"]

MOST_WAITING = 4 << 20  # bytes on their way in one direction, before reading is paused
ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class DistanceStats:
    """What has gone through since the start; `open` is now."""

    connections_opened: int = 0
    open: int = 0
    max_open: int = 0
    bytes_up: int = 0
    bytes_down: int = 0


class Distance:
    """A running proxy; the parent's side. It ends with its parent, by the end of its input."""

    def __init__(self, host: str, port: int, round_trip_s: float) -> None:
        command = [sys.executable, "-m", "dojo.site.latency_proxy", "--to", f"{host}:{port}"]
        self._process = subprocess.Popen(
            [*command, "--round-trip-ms", repr(round_trip_s * 1000)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            cwd=ROOT,
            text=True,
            bufsize=1,
        )
        self.port = int(self._ask("")["port"])

    @classmethod
    def start(cls, host: str, port: int, round_trip_s: float) -> "Distance":
        """Listen on a free port of loopback, and pass on to host:port."""
        return cls(host, port, round_trip_s)

    def __enter__(self) -> "Distance":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stats(self) -> DistanceStats:
        """Figures since the start; GraderFault if the proxy has ended."""
        return DistanceStats(**self._ask("stats\n"))

    def stop(self) -> None:
        """End the proxy."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _ask(self, question: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(question)
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        except (BrokenPipeError, ValueError) as error:
            raise GraderFault("The proxy before Postgres has ended. Run again.") from error
        return answer


class _End(asyncio.Protocol):
    """One side of a connection: what it receives leaves on the other side `delay_s` later."""

    def __init__(self, stats: DistanceStats, delay_s: float, upward: bool) -> None:
        self._stats, self._delay_s, self._upward = stats, delay_s, upward
        self._loop = asyncio.get_running_loop()
        self._not_before = self._loop.time() + delay_s  # connecting costs a round trip as well
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._ended = False
        self._full = self._other_full = False
        self.other: _End | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        if self.other is not None:  # what came while the other side was connecting
            self.other.pass_on()

    def data_received(self, data: bytes) -> None:
        if self._upward:
            self._stats.bytes_up += len(data)
        else:
            self._stats.bytes_down += len(data)
        self._waiting.append((max(self._loop.time(), self._not_before) + self._delay_s, data))
        self._bytes += len(data)
        self._full = self._bytes > MOST_WAITING
        if self._timer is None:
            self.pass_on()
        self._read_or_pause()

    def pass_on(self) -> None:
        """Write what is due; come back for the rest when its time has come."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        target = self.other.transport if self.other is not None else None
        if target is None:
            return
        now = self._loop.time()
        while self._waiting and self._waiting[0][0] <= now:
            _, data = self._waiting.popleft()
            self._bytes -= len(data)
            if not target.is_closing():
                target.write(data)
        if self._full and self._bytes <= MOST_WAITING // 2:
            self._full = False
            self._read_or_pause()
        if self._waiting:
            self._timer = self._loop.call_at(self._waiting[0][0], self.pass_on)
        elif self._ended:
            target.close()

    def pause_writing(self) -> None:
        if self.other is not None:
            self.other.hold(True)

    def resume_writing(self) -> None:
        if self.other is not None:
            self.other.hold(False)

    def hold(self, full: bool) -> None:
        """Read no more while the other side's peer does not take what it has been sent."""
        self._other_full = full
        self._read_or_pause()

    def _read_or_pause(self) -> None:
        if self.transport is None or self.transport.is_closing():
            return
        if self._full or self._other_full:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        if self._upward:
            self._stats.open -= 1
        self.pass_on()


class _Proxy:
    """Accepts clients, and connects each of them to the server."""

    def __init__(self, host: str, port: int, round_trip_s: float) -> None:
        self.stats = DistanceStats()
        self._host, self._port, self._round_trip_s = host, port, round_trip_s
        self._connecting: set[asyncio.Task[None]] = set()

    def accept(self) -> _End:
        self.stats.connections_opened += 1
        self.stats.open += 1
        self.stats.max_open = max(self.stats.max_open, self.stats.open)
        client = _End(self.stats, self._round_trip_s, upward=True)
        task = asyncio.get_running_loop().create_task(self._connect(client))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)
        return client

    async def _connect(self, client: _End) -> None:
        server = _End(self.stats, 0.0, upward=False)
        server.other = client
        try:
            client.other = server
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: server, self._host, self._port)
        except OSError:
            if client.transport is not None:
                client.transport.abort()


async def _serve(host: str, port: int, round_trip_s: float) -> None:
    loop = asyncio.get_running_loop()
    proxy = _Proxy(host, port, round_trip_s)
    listener = await loop.create_server(proxy.accept, "127.0.0.1", 0, backlog=512)
    print(json.dumps({"port": listener.sockets[0].getsockname()[1]}), flush=True)
    ended = asyncio.Event()

    def answer() -> None:
        print(json.dumps(asdict(proxy.stats)), flush=True)

    def listen() -> None:
        for _ in sys.stdin:
            loop.call_soon_threadsafe(answer)
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=listen, daemon=True).start()
    await ended.wait()


def _precise_loop() -> asyncio.AbstractEventLoop:
    if sys.platform != "linux":
        return asyncio.new_event_loop()  # kqueue's own timeout is precise

    class Precise(selectors.EpollSelector):
        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            if timeout is not None and timeout > 0:
                select.select([self], [], [], timeout)
                timeout = 0
            return super().select(timeout)

    return asyncio.SelectorEventLoop(Precise())


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m dojo.site.latency_proxy")
    parser.add_argument("--to", required=True, metavar="HOST:PORT")
    parser.add_argument("--round-trip-ms", required=True, type=float)
    given = parser.parse_args()
    host, _, port = given.to.rpartition(":")
    with asyncio.Runner(loop_factory=_precise_loop) as runner, contextlib.suppress(OSError):
        runner.run(_serve(host, int(port), given.round_trip_ms / 1000))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        _main()

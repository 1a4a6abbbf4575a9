"""The distance between the app and Postgres: a proxy in a process of its own.

On loopback a query costs next to nothing, and code that asks too often looks fine. A database in
another zone answers a fixed time later; so does this one, on every machine alike.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
from collections import deque
from dataclasses import dataclass
from typing import Any, cast

from dojo.errors import GraderFault

__all__ = ["Distance", "DistanceStats"]

MOST_WAITING = 4 << 20  # bytes on their way in one direction, before reading is paused


@dataclass(frozen=True, slots=True)
class DistanceStats:
    """What has gone through since the start."""

    connections_opened: int
    open: int
    bytes_up: int
    bytes_down: int


class Distance:
    """A running proxy; the parent's side. It ends with its parent, by the end of its input."""

    def __init__(self, host: str, port: int, round_trip_s: float) -> None:
        command = [sys.executable, "-m", "dojo.distance", host, str(port), repr(round_trip_s)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
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
        """Figures since the start."""
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


class _Figures:
    opened = 0
    open = 0
    up = 0
    down = 0


class _End(asyncio.Protocol):
    """One side of a connection: what it receives leaves on the other side `delay_s` later."""

    def __init__(self, figures: _Figures, delay_s: float, upward: bool) -> None:
        self._figures, self._delay_s, self._upward = figures, delay_s, upward
        self._loop = asyncio.get_running_loop()
        self.other: _End | None = None
        self.transport: asyncio.Transport | None = None
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._ended = False
        self._not_before = self._loop.time() + delay_s  # connecting costs a round trip as well

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._upward:
            self._figures.up += len(data)
        else:
            self._figures.down += len(data)
        due = max(self._loop.time(), self._not_before) + self._delay_s
        self._waiting.append((due, data))
        self._bytes += len(data)
        if self._bytes > MOST_WAITING and self.transport is not None:
            self.transport.pause_reading()
        if self._timer is None:
            self._timer = self._loop.call_at(due, self._pass_on)

    def _pass_on(self) -> None:
        self._timer = None
        now = self._loop.time()
        target = self.other.transport if self.other is not None else None
        if target is None and self._waiting:  # the other side is still connecting
            self._timer = self._loop.call_later(0.001, self._pass_on)
            return
        while self._waiting and self._waiting[0][0] <= now + 0.0002:
            _, data = self._waiting.popleft()
            self._bytes -= len(data)
            if target is not None and not target.is_closing():
                target.write(data)
        if self._bytes <= MOST_WAITING // 2 and self.transport and not self.transport.is_closing():
            self.transport.resume_reading()
        if self._waiting:
            self._timer = self._loop.call_at(self._waiting[0][0], self._pass_on)
        elif self._ended and target is not None:
            target.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        if self._upward:
            self._figures.open -= 1
        if not self._waiting and self.other is not None and self.other.transport is not None:
            self.other.transport.close()


async def _serve(host: str, port: int, round_trip_s: float) -> None:
    loop = asyncio.get_running_loop()
    figures = _Figures()
    connecting: set[asyncio.Task[None]] = set()

    async def connect(client: _End) -> None:
        server = _End(figures, 0.0, upward=False)
        server.other, client.other = client, server
        try:
            await loop.create_connection(lambda: server, host, port)
        except OSError:
            if client.transport is not None:
                client.transport.abort()

    def accept() -> _End:
        figures.opened += 1
        figures.open += 1
        client = _End(figures, round_trip_s, upward=True)
        task = loop.create_task(connect(client))
        connecting.add(task)
        task.add_done_callback(connecting.discard)
        return client

    listener = await loop.create_server(accept, "127.0.0.1", 0, backlog=512)
    tell = sys.stdout
    tell.write(json.dumps({"port": listener.sockets[0].getsockname()[1]}) + "\n")
    tell.flush()
    while await loop.run_in_executor(None, sys.stdin.readline):
        told = DistanceStats(figures.opened, figures.open, figures.up, figures.down)
        names = ("connections_opened", "open", "bytes_up", "bytes_down")
        tell.write(json.dumps({name: getattr(told, name) for name in names}) + "\n")
        tell.flush()


if __name__ == "__main__":
    import uvloop

    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(_serve(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))

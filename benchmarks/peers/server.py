"""A server whose answer time is known: `python -m benchmarks.peers.server SITUATION`.

SITUATION are the fields of a `Situation` as JSON. It prints its port, and serves one page at every
path. At the end of its standard input it prints a list of [arrived, answered], in seconds since the
first request, and ends. Its clock starts with the first request.
"""

import asyncio
import json
import sys
import time

import uvloop

from benchmarks.peers.truth import Situation
from dojo.load.alarms import Alarms

BODY = b"x" * 10_000
PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(BODY)
) + BODY
HEAD_END = b"\r\n\r\n"


class Visits:
    """All requests so far."""

    def __init__(self, situation: Situation, alarms: Alarms) -> None:
        self._situation, self._alarms = situation, alarms
        self._began: float | None = None
        self.times_s: list[tuple[float, float]] = []

    def receive(self, transport: asyncio.Transport) -> None:
        """Answer a request that came now, when its time is there."""
        now = time.monotonic()
        began = self._began = now if self._began is None else self._began
        came_s = now - began

        def answer() -> None:
            if not transport.is_closing():
                transport.write(PAGE)
            self.times_s.append((came_s, time.monotonic() - began))

        self._alarms.call_at(began + self._situation.answered_s(came_s), answer)


class Connection(asyncio.Protocol):
    """One connection, for one request after the other."""

    def __init__(self, visits: Visits) -> None:
        self._visits, self._received = visits, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while HEAD_END in self._received:
            _, _, self._received = self._received.partition(HEAD_END)
            self._visits.receive(self._transport)  # type: ignore[arg-type]  # uvloop's own class


async def serve(situation: Situation) -> None:
    """Serve until the end of the standard input."""
    loop = asyncio.get_running_loop()
    with Alarms() as alarms:
        visits = Visits(situation, alarms)
        server = await loop.create_server(lambda: Connection(visits), "127.0.0.1", 0, backlog=1024)
        print(server.sockets[0].getsockname()[1], flush=True)
        await loop.run_in_executor(None, sys.stdin.read)
        print(json.dumps(visits.times_s), flush=True)


if __name__ == "__main__":
    uvloop.run(serve(Situation(**json.loads(sys.argv[1]))))

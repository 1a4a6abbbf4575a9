"""A small server that answers quickly, one request after another, and once stands still.

For showing what two kinds of load see of the same site. It waits and computes nothing, so that it
does the same on every machine. It knows no kata and no shop.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

__all__ = ["Stall", "stalling_server"]

LOOPBACK = "127.0.0.1"
END = b"\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass(frozen=True, slots=True)
class Stall:
    """When nothing is served: from `begins_s` to `ends_s`, on the load's clock."""

    begins_s: float
    ends_s: float

    def holds(self, at_s: float) -> bool:
        """Whether that moment lies in it."""
        return self.begins_s <= at_s < self.ends_s


@asynccontextmanager
async def stalling_server(service_s: float, stall: Stall, start: float) -> AsyncIterator[str]:
    """Serve on a free port of loopback until the block ends; gives the base URL.

    Each request, one without a body, takes `service_s`, one after another. `start` is the load's
    start, a reading of time.monotonic.
    """
    free = asyncio.Lock()
    connections: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):  # the client closed it
                while await reader.readuntil(END):
                    async with free:
                        if stall.holds(now_s := time.monotonic() - start):
                            await asyncio.sleep(stall.ends_s - now_s)
                        await asyncio.sleep(service_s)
                    writer.write(ANSWER)
        finally:
            writer.transport.abort()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(serve(reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    server = await asyncio.start_server(begin, LOOPBACK, 0)
    host, port = server.sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

"""A small server that answers quickly, one request after another, and once stands still.

For showing what two kinds of load see of the same site. It waits and computes nothing, so that it
does the same on every machine. It knows no kata and no shop.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

__all__ = ["Stall", "stalling_server"]

LOOPBACK = "127.0.0.1"
SHUTDOWN_S = 0.1


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

    Each request takes `service_s`, one after another. `start` is the load's start, a reading of
    time.monotonic.
    """
    free = asyncio.Lock()

    async def answer(_: web.Request) -> web.Response:
        async with free:
            if stall.holds(now_s := time.monotonic() - start):
                await asyncio.sleep(stall.ends_s - now_s)
            await asyncio.sleep(service_s)
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        site = web.TCPSite(runner, LOOPBACK, 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()

"""How late the event loop gets to a task that is due: the only metric that shows a blocked loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from prometheus_client import CollectorRegistry, Histogram

PERIOD_S = 0.1
BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


@asynccontextmanager
async def watch_loop_lag(registry: CollectorRegistry) -> AsyncIterator[None]:
    """Wake up ten times a second and note how late that was, until the block ends."""
    lag = Histogram(
        "shop_event_loop_lag_seconds",
        "How late the event loop got to a task that was due.",
        buckets=BUCKETS_S,
        registry=registry,
    )
    watcher = asyncio.create_task(_watch(lag))
    try:
        yield
    finally:
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher
        registry.unregister(lag)


async def _watch(lag: Histogram) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due_s = loop.time() + PERIOD_S
        await asyncio.sleep(PERIOD_S)
        lag.observe(max(0.0, loop.time() - due_s))

"""How late the event loop gets to a task that is due: the only metric that shows a blocked loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from prometheus_client import CollectorRegistry, Gauge, Histogram

PERIOD_S = 0.02
BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


@asynccontextmanager
async def watch_loop_lag(registry: CollectorRegistry) -> AsyncIterator[None]:
    """Wake up fifty times a second and note how late that was, until the block ends."""
    lag = Histogram(
        "shop_event_loop_lag_seconds",
        "How late the event loop got to a task that was due.",
        buckets=BUCKETS_S,
        registry=registry,
    )
    longest = Gauge(
        "shop_event_loop_lag_longest_seconds",
        "The latest that the event loop ever got to a task that was due.",
        registry=registry,
    )
    watcher = asyncio.create_task(_watch(lag, longest))
    try:
        yield
    finally:
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher
        registry.unregister(lag)
        registry.unregister(longest)


async def _watch(lag: Histogram, longest: Gauge) -> None:
    loop, longest_s = asyncio.get_running_loop(), 0.0
    while True:
        due_s = loop.time() + PERIOD_S
        await asyncio.sleep(PERIOD_S)
        late_s = max(0.0, loop.time() - due_s)
        lag.observe(late_s)
        if late_s > longest_s:
            longest_s = late_s
            longest.set(late_s)

"""The event loop's lag, as the shop tells it."""

import asyncio
import time

import pytest
from prometheus_client import CollectorRegistry

from app.instrumentation.loop_lag import watch_loop_lag

LONGEST = "shop_event_loop_lag_longest_seconds"
SUM, COUNT = "shop_event_loop_lag_seconds_sum", "shop_event_loop_lag_seconds_count"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks five times as often as in the shop, so that the tests are short."""
    monkeypatch.setattr("app.instrumentation.loop_lag.PERIOD_S", 0.02)


def test_a_blocked_loop_shows() -> None:
    """Whatever keeps the loop for 200 ms delays a task that is due by most of that."""
    registry = CollectorRegistry()

    async def block() -> tuple[float, float]:
        async with watch_loop_lag(registry):
            await asyncio.sleep(0.03)  # the watcher now waits for its next turn
            time.sleep(0.2)  # noqa: ASYNC251 - this is what must show
            await asyncio.sleep(0.03)
            return registry.get_sample_value(SUM) or 0.0, registry.get_sample_value(LONGEST) or 0.0

    late_s, longest_s = asyncio.run(block())
    assert late_s >= 0.15
    assert 0.15 <= longest_s <= late_s


def test_it_ends_with_the_app() -> None:
    """Nothing is left in the registry, so that the app can be started again in one process."""
    registry = CollectorRegistry()

    async def start_and_stop() -> float | None:
        async with watch_loop_lag(registry):
            await asyncio.sleep(0.05)
            return registry.get_sample_value(COUNT)

    for _ in range(2):
        assert (asyncio.run(start_and_stop()) or 0) >= 1
        assert registry.get_sample_value(COUNT) is None

"""CPU for each request: the generator beside httpx, sending the same plan.

    python -m benchmarks.generator

Beside other load generators: benchmarks.peers.
"""

import asyncio
import resource
import time

import httpx

from dojo.load.burst import BurstSettings, run_burst, start_generator
from dojo.load.plan import Journey, Plan, Step
from tests.support.stub_site import stub_site

RATE_PER_S, BURST_S = 150, 5.0


def plan_of(rate_per_s: int, duration_s: float) -> Plan:
    """Evenly spaced loads of a page of 40 KB."""
    step = Step("page", "GET", "/size/40000")
    starts = [place / rate_per_s for place in range(round(rate_per_s * duration_s))]
    return Plan(1, duration_s, tuple(Journey("page", (step,), at_s) for at_s in starts))


def cpu_s() -> float:
    """CPU seconds of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def with_httpx(plan: Plan, base_url: str) -> float:
    """CPU seconds that httpx spends on the plan."""
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=None)) as client:
        start, before = time.monotonic(), cpu_s()

        async def send(journey: Journey) -> None:
            await asyncio.sleep(max(0.0, start + journey.intended_s - time.monotonic()))
            (await client.get(base_url + journey.steps[0].path)).raise_for_status()

        await asyncio.gather(*(send(journey) for journey in plan.journeys))
        return cpu_s() - before


def main() -> None:
    """Print the figures, their ratios, and the generator's memory at 1,200 pages."""
    with stub_site() as base_url, start_generator() as generator:
        plan = plan_of(RATE_PER_S, BURST_S)
        own_s = run_burst(generator, plan, BurstSettings(base_url), lambda _: True).generator_cpu_s
        httpx_s = asyncio.run(with_httpx(plan, base_url))
        big = run_burst(generator, plan_of(120, 10.0), BurstSettings(base_url), lambda _: True)
    count = len(plan.journeys)
    print(f"generator  {1000 * own_s / count:.3f} ms of CPU for a request at {RATE_PER_S}/s")
    print(f"httpx      {1000 * httpx_s / count:.3f} ms, {httpx_s / own_s:.1f} times as much")
    each_ms = 1000 * big.generator_cpu_s / len(big.samples)
    print(f"at 120/s   {each_ms:.3f} ms (budget 0.2), 1,200 pages of 40 KB")
    print(f"memory     {big.generator_rss_bytes / 1e6:.0f} MB (budget 150)")


if __name__ == "__main__":
    main()

"""The time that one event of a kata takes without a load. It is shown, and never graded."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from dojo.costs import StepAlone
from dojo.kata_run import KataRun
from dojo.site.lone_journey import event_alone, joined, walk

__all__ = ["ServiceTime"]

SERVICE_TIME_ROUNDS = 5
SLOW_ROUNDS = 3  # so that what an app sends now and then is not in the median
SERVICE_S = 5.0  # longest wait for a page that is sent alone
SLOW_WARM_UP_S = 0.5  # from then on a page is measured less often


@dataclass
class ServiceTime:
    """The ungraded measurement of one unloaded event."""

    run: KataRun
    request: pytest.FixtureRequest

    def measure(self) -> None:
        """Send the kata's event a few times, alone; pytest-benchmark stores the figures."""
        site, kata = self.run.site, self.run.kata
        if site is None:
            pytest.skip("the app did not start")
        if not self.request.config.pluginmanager.has_plugin("benchmark"):
            pytest.skip("pytest-benchmark is switched off")
        benchmark: Any = self.request.getfixturevalue("benchmark")
        slow = site.timings_s["warm_up"] > SLOW_WARM_UP_S
        rounds = SLOW_ROUNDS if slow else SERVICE_TIME_ROUNDS
        walks: list[tuple[StepAlone, ...]] = []

        def send() -> None:
            walks.append(walk(site, event_alone(kata), SERVICE_S))

        benchmark.group = kata.folder.name
        try:
            with self.run.during("measuring one request alone"):
                benchmark.pedantic(send, rounds=rounds)
        except httpx.HTTPError as error:  # not graded; what it means for visitors, the burst shows
            pytest.skip(f"nothing was measured alone: {error}")
        if benchmark.stats is not None:  # None with --benchmark-disable
            self.run.alone = joined(walks)

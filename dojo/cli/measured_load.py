"""The steady load of `dojo up` with its measurements: running SLIs and the exporter's counters."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

from dojo.cli.live_table import LiveFigures
from dojo.kata.finder import OpenKata
from dojo.load.arrivals import mixed, slices
from dojo.load.steady import FinishedJourney, SteadyLoad
from dojo.observability.exporter import RIGHT, JourneyExporter
from dojo.slo.burst_plan import flows
from dojo.slo.validity import LATE_RATIO, LATE_S
from dojo.slo.window import Outcome, RunningSlis

__all__ = ["MeasuredLoad"]

SLICE_S = 2.0
EXPORT_EVERY_S = 1.0  # as often as Prometheus asks
TOO_LATE = (
    "The load itself is late ({late:,} of {total:,} journeys): the machine is too busy, so these"
    " figures say little."
)


class MeasuredLoad:
    """The katas' journeys in equal parts, from now until `for_s` seconds are over."""

    def __init__(
        self, load: SteadyLoad, running: RunningSlis, exporter: JourneyExporter, for_s: float
    ) -> None:
        self._load, self._running, self._exporter = load, running, exporter
        self._for_s = for_s
        self._export_at_s = 0.0
        self._lock = threading.Lock()  # the table is drawn by a thread of its own

    @classmethod
    @contextmanager
    def start(
        cls,
        katas: Sequence[OpenKata],
        exporter: JourneyExporter,
        base_url: str,
        rate_per_s: float,
        for_s: float,
        seed: int,
    ) -> Iterator["MeasuredLoad"]:
        """Begin to send; `rate_per_s` journeys of all katas together."""
        rng = Random(seed)
        mix = mixed([flows(each.level, each.kata.load()) for each in katas], rate_per_s)
        exporter.expect(*(flow.name for flow, _ in mix))
        running = RunningSlis([o for each in katas for o in each.level.objectives])
        with SteadyLoad.start(slices(rng, mix, SLICE_S, for_s), base_url) as load:
            yield cls(load, running, exporter, for_s)

    def tick(self) -> None:
        """To be called a few times a second: plan what is next, count what has ended."""
        self._load.check()
        self._load.hand_over()
        with self._lock:
            self._count(self._load.finished())
            self._export(min(self._load.now_s, self._for_s))

    def plan_ahead(self, seconds: float) -> None:
        """Plan for a time during which `tick` can't be called."""
        self._load.hand_over(seconds)

    def end(self) -> int:
        """Start nothing more, and count the last that ended; how many were cut off."""
        with self._lock:
            self._count(self._load.end())
        return self._load.cut_off

    def figures(self) -> LiveFigures:
        """The figures of now; any thread may ask."""
        with self._lock:
            self._count(self._load.finished())
            now_s = min(self._load.now_s, self._for_s)
            in_time = self._running.sent_in_time(now_s, LATE_S)
            late = in_time.total - in_time.good
            too_late = late > LATE_RATIO * in_time.total
            return LiveFigures(
                now_s=now_s,
                until_s=self._for_s,
                statuses=self._running.statuses(now_s),
                journeys=self._running.total,
                remark=TOO_LATE.format(late=late, total=in_time.total) if too_late else "",
            )

    def _export(self, now_s: float) -> None:
        """Let Prometheus know what the last minute says, once a second."""
        if now_s < self._export_at_s:
            return
        self._export_at_s = now_s + EXPORT_EVERY_S
        for status in self._running.statuses(now_s):
            window = status.window
            self._exporter.judge(status.objective, status.call, window.good, window.total)

    def _count(self, finished: Sequence[FinishedJourney]) -> None:
        for journey in finished:
            outcome = Outcome.of(journey.plan, journey.samples, journey.ended_s)
            self._running.add(outcome)
            failure = outcome.event.failure
            cause = RIGHT if failure is None else str(failure)
            self._exporter.observe(outcome.event.name, cause, outcome.waited_s)

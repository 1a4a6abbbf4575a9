"""The steady load of `dojo up` with its measurements: running SLIs and the exporter's counters."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from dojo.cli.live_table import LiveFigures
from dojo.kata.finder import OpenKata
from dojo.load.arrivals import mixed, slices
from dojo.load.steady import FinishedJourney, SteadyLoad
from dojo.observability.exporter import RIGHT, JourneyExporter
from dojo.slo.burst_plan import flows
from dojo.slo.history import Bin, History
from dojo.slo.validity import LATE_RATIO, LATE_S
from dojo.slo.window import Outcome, RunningSlis

__all__ = ["LoadMoment", "MeasuredLoad"]

SLICE_S = 2.0
MOST_RESTARTS = 20
EXPORT_EVERY_S = 1.0  # as often as Prometheus asks
TOO_LATE = (
    "The load itself is late ({late:,} of {total:,} journeys): the machine is too busy, so these"
    " figures say little."
)


@dataclass(slots=True)
class Pace:
    """How many times the given rate is sent."""

    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class LoadMoment:
    """The load's figures of one moment, and the minutes before it."""

    figures: LiveFigures
    bins: tuple[Bin, ...]
    edges_s: tuple[float, ...]
    restarts_s: tuple[float, ...]  # when the app was started anew


class MeasuredLoad:
    """The katas' journeys in equal parts, from now until `for_s` seconds are over."""

    def __init__(
        self,
        load: SteadyLoad,
        pace: "Pace",
        katas: Sequence[OpenKata],
        exporter: JourneyExporter,
        for_s: float,
    ) -> None:
        objectives = [o for each in katas for o in each.level.objectives]
        self._load, self._pace, self._exporter = load, pace, exporter
        self._running, self._history = RunningSlis(objectives), History(objectives)
        self._for_s = for_s
        self._restarts_s: list[float] = []
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
        pace = Pace()
        plans = slices(rng, mix, SLICE_S, for_s, lambda: pace.factor)
        with SteadyLoad.start(plans, base_url) as load:
            yield cls(load, pace, katas, exporter, for_s)

    def hurry(self, factor: float) -> None:
        """From the next slice on send so many times the rate."""
        self._pace.factor = factor

    def note_restart(self) -> None:
        """The app was started anew."""
        self._restarts_s.append(self._load.now_s)

    def moment(self) -> "LoadMoment":
        """What the board shows of the load; any thread may ask."""
        figures = self.figures()
        with self._lock:
            restarts_s = tuple(self._restarts_s[-MOST_RESTARTS:])
            return LoadMoment(figures, self._history.bins, self._history.edges_s, restarts_s)

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
        statuses = self._running.statuses(now_s)
        self._history.note(statuses, now_s)
        for status in statuses:
            window = status.window
            self._exporter.judge(status.objective, status.call, window.good, window.total)

    def _count(self, finished: Sequence[FinishedJourney]) -> None:
        for journey in finished:
            outcome = Outcome.of(journey.plan, journey.samples, journey.ended_s)
            self._running.add(outcome)
            self._history.add(outcome)
            failure = outcome.event.failure
            cause = RIGHT if failure is None else str(failure)
            self._exporter.observe(outcome.event.name, cause, outcome.waited_s)

"""The steady load of `dojo up` with its measurements: running SLIs and the exporter's counters.

The figures go on over pauses, during which nothing is sent: each stretch of sending has a generator
and an exporter of its own.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from dojo.cli.live_table import LiveFigures, next_step
from dojo.kata.finder import OpenKata
from dojo.load.arrivals import mixed, slices
from dojo.load.sample import Sample
from dojo.load.server_timing import statements_sent
from dojo.load.steady import FinishedJourney, SteadyLoad
from dojo.observability.exporter import RIGHT, JourneyExporter
from dojo.slo.burst_plan import flows
from dojo.slo.history import Bin, History
from dojo.slo.validity import LATE_RATIO, LATE_S
from dojo.slo.window import Outcome, RunningSlis

__all__ = ["LoadMoment", "MeasuredLoad"]

SLICE_S = 2.0
HEAD_START_S = 0.1
LEAST_PAUSE_S = 3.0  # a shorter one is none: the load is sent anew for a new database
MOST_MARKS = 20  # of restarts, and of pauses
EXPORT_EVERY_S = 1.0  # as often as Prometheus asks
TOO_LATE = (
    "The load itself is late ({late:,} of {total:,} journeys): the machine is too busy. What is not"
    " met may be the machine's doing, and not the app's."
)


@dataclass(frozen=True, slots=True)
class LoadMoment:
    """The load's figures of one moment, and the minutes before it."""

    figures: LiveFigures
    bins: tuple[Bin, ...]
    edges_s: tuple[float, ...]
    restarts_s: tuple[float, ...]  # when the app was started anew
    pauses_s: tuple[tuple[float, float], ...]  # begin and end
    waiting_s: dict[str, list[float]]  # by journey: for how long, of those that are not over


class MeasuredLoad:
    """The katas' journeys in equal parts, from now until `for_s` seconds are over."""

    def __init__(
        self, katas: Sequence[OpenKata], rate_per_s: float, for_s: float, seed: int
    ) -> None:
        objectives = [o for each in katas for o in each.level.objectives]
        self._katas, self._rate_per_s, self._for_s = tuple(katas), rate_per_s, for_s
        self._rng, self._factor = Random(seed), 1.0
        self._load: SteadyLoad | None = None
        self._exporter: JourneyExporter | None = None
        self._running, self._history = RunningSlis(objectives), History(objectives)
        self._began_at_s = time.monotonic() + HEAD_START_S
        self._restarts_s: list[float] = []
        self._pauses_s: list[tuple[float, float]] = []
        self._ended_s: float | None = None  # of the last stretch of sending
        self._export_at_s = 0.0
        self.cut_off = 0  # journeys that were under way when sending ended
        self._lock = threading.Lock()  # the table is drawn by a thread of its own

    @contextmanager
    def sending(self, exporter: JourneyExporter, base_url: str) -> Iterator[None]:
        """Send for the length of the block; what has ended by then is counted.

        To be begun anew on a new database: what katas load with may be known to one alone.
        """
        mix = mixed([flows(each.level, each.kata.load()) for each in self._katas], self._rate_per_s)
        exporter.expect(*(flow.name for flow, _ in mix))
        from_s = max(0.0, self.now_s + HEAD_START_S)
        plans = slices(self._rng, mix, SLICE_S, self._for_s, lambda: self._factor, from_s)
        with SteadyLoad.start(plans, base_url, self._began_at_s) as load:
            with self._lock:
                self._load, self._exporter, self._export_at_s = load, exporter, 0.0
                if self._ended_s is not None and from_s - self._ended_s > LEAST_PAUSE_S:
                    self._pauses_s.append((self._ended_s, from_s))
            try:
                yield
                with self._lock:
                    self._count(load.end())
            finally:
                with self._lock:
                    self._load, self._exporter, self._ended_s = None, None, self.now_s
                    self.cut_off += load.cut_off

    @property
    def now_s(self) -> float:
        """Seconds since the load began."""
        return time.monotonic() - self._began_at_s

    @property
    def is_over(self) -> bool:
        """Whether its time is over."""
        return self.now_s >= self._for_s

    def hurry(self, factor: float) -> None:
        """From the next slice on send so many times the rate."""
        self._factor = factor

    def note_restart(self) -> None:
        """The app was started anew."""
        self._restarts_s.append(self.now_s)

    def moment(self) -> "LoadMoment":
        """What the board shows of the load; any thread may ask."""
        figures = self.figures()
        with self._lock:
            return LoadMoment(
                figures,
                self._history.bins,
                self._history.edges_s,
                tuple(self._restarts_s[-MOST_MARKS:]),
                tuple(self._pauses_s[-MOST_MARKS:]),
                self._waiting_s(),
            )

    def tick(self) -> None:
        """To be called a few times a second while it sends: plan what is next, count what ended."""
        assert self._load is not None, "it is sent by nobody"
        self._load.check()
        self._load.hand_over()
        with self._lock:
            self._count(self._load.finished())
            self._export(min(self.now_s, self._for_s))

    def plan_ahead(self, seconds: float) -> None:
        """Plan for a time during which `tick` can't be called."""
        if self._load is not None:
            self._load.hand_over(seconds)

    def figures(self) -> LiveFigures:
        """The figures of now; any thread may ask."""
        with self._lock:
            if self._load is not None:
                self._count(self._load.finished())
            now_s = max(0.0, min(self.now_s, self._for_s))
            in_time = self._running.sent_in_time(now_s, LATE_S)
            late = in_time.total - in_time.good
            too_late = late > LATE_RATIO * in_time.total
            statuses = self._running.statuses(now_s, self._waiting_s())
            kata_of = {
                objective.name: each.kata.folder.name
                for each in self._katas
                for objective in each.level.objectives
            }
            return LiveFigures(
                now_s=now_s,
                until_s=self._for_s,
                statuses=statuses,
                journeys=self._running.total,
                remark=TOO_LATE.format(late=late, total=in_time.total) if too_late else "",
                next_step=next_step(statuses, kata_of),
            )

    def _waiting_s(self) -> dict[str, list[float]]:
        waiting_s: dict[str, list[float]] = {}
        for each in self._load.waiting() if self._load is not None else ():
            waiting_s.setdefault(each.name, []).append(each.waits_s)
        return waiting_s

    def _export(self, now_s: float) -> None:
        """Let Prometheus know what the last minute says, once a second."""
        if now_s < self._export_at_s or self._exporter is None:
            return
        self._export_at_s = now_s + EXPORT_EVERY_S
        statuses = self._running.statuses(now_s, self._waiting_s())
        self._history.note(statuses, now_s)
        for status in statuses:
            window = status.window
            self._exporter.judge(status.objective, status.call, window.good, window.total)

    def _count(self, finished: Sequence[FinishedJourney]) -> None:
        for journey in finished:
            outcome = Outcome.of(journey.plan, journey.samples, journey.ended_s)
            self._running.add(outcome)
            self._history.add(outcome, _statements(journey.samples))
            if self._exporter is not None:
                failure = outcome.event.failure
                cause = RIGHT if failure is None else str(failure)
                self._exporter.observe(outcome.event.name, cause, outcome.waited_s)


def _statements(samples: Sequence[Sample]) -> int | None:
    """The statements of a journey all of whose answers came, and said how many there were."""
    counts = [statements_sent(sample) for sample in samples if sample.done_s is not None]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(samples) else None

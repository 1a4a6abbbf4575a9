"""Running SLIs of a load that goes on: over the last minute, and since it began. Pure: no clock."""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dojo.burst_figures import Percentiles
from dojo.load.plan import Plan
from dojo.load.sample import Sample
from dojo.slo import sli
from dojo.slo.binomial import at_least, at_most, enough, interval
from dojo.slo.openslo import Objective

__all__ = ["Call", "Count", "ObjectiveStatus", "Outcome", "RunningSlis"]

WINDOW_S = 60.0
NO_ANSWER = "no answer yet"  # the cause of an event that is not over and can only be bad
CERTAIN_S = 0.5  # so long over its threshold: an answer that came is known by then
ALPHA = 0.05  # for a glance at what goes on; a kata's verdict is far stricter

Call = Literal["met", "not_met", "undecided", "too_few", "no_events"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An event of the load, how late the load itself was with it, and when its end was known."""

    event: sli.Event
    lateness_s: float
    ended_s: float  # since the load began

    @classmethod
    def of(cls, plan: Plan, samples: Sequence[Sample], ended_s: float) -> "Outcome":
        """The outcome of one journey of the plan, from the samples of its steps."""
        (event,) = sli.events(plan, samples)
        return cls(event, samples[0].lateness_s or 0.0, ended_s)

    @property
    def waited_s(self) -> float:
        """The journey's latency; without an answer, how long one was awaited."""
        latency_s = self.event.latency_s
        return self.ended_s - self.event.intended_s if latency_s is None else latency_s


@dataclass(frozen=True, slots=True)
class Count:
    """Good events and all events."""

    good: int
    total: int

    @property
    def sli(self) -> float | None:
        """good / total; None without any event."""
        return self.good / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class ObjectiveStatus:
    """One objective, in the window and since the load began."""

    objective: Objective
    window: Count
    whole: Count
    latency_s: Percentiles | None  # of the window's events
    causes: tuple[tuple[str, int], ...]  # of the window's bad events, the most frequent first

    @property
    def call(self) -> Call:
        """What the window's events say of the target: an exact binomial test at `ALPHA`.

        If the true SLI equals the target, each of met and not met is wrong at 1 in 20 moments. It
        is too few if not even faultless events would be met.
        """
        total, bad = self.window.total, self.window.total - self.window.good
        budget = 1 - self.objective.target
        if not total:
            return "no_events"
        if at_most(bad, total, budget) <= ALPHA:
            return "met"
        if at_least(bad, total, budget) <= ALPHA:
            return "not_met"
        return "too_few" if total < enough(self.objective.target, ALPHA) else "undecided"

    @property
    def interval(self) -> tuple[float, float]:
        """Between which bounds the window's true SLI lies, each wrong at most at 1 in 20."""
        return interval(self.window.good, self.window.total, 2 * ALPHA)


class RunningSlis:
    """Takes outcomes in any order; keeps the events of the window, and counts of the rest."""

    def __init__(self, objectives: Sequence[Objective], window_s: float = WINDOW_S) -> None:
        self._objectives, self._window_s = tuple(objectives), window_s
        self._recent: deque[Outcome] = deque()
        self._good: Counter[tuple[str, float]] = Counter()
        self._total: Counter[str] = Counter()
        self._loosest_s = {
            each.journey: max(o.threshold_s for o in objectives if o.journey == each.journey)
            for each in objectives
        }

    @property
    def total(self) -> int:
        """Events of every name since the load began."""
        return self._total.total()

    def add(self, outcome: Outcome) -> None:
        """Count one more event."""
        event = outcome.event
        self._recent.append(outcome)
        self._total[event.name] += 1
        for threshold_s in {o.threshold_s for o in self._objectives if o.journey == event.name}:
            self._good[event.name, threshold_s] += event.cause(threshold_s) is None

    def sent_in_time(self, now_s: float, allowed_s: float) -> Count:
        """The window's events: those that the load sent at most `allowed_s` late, and all."""
        recent = self._window(now_s)
        return Count(sum(outcome.lateness_s <= allowed_s for outcome in recent), len(recent))

    def statuses(
        self, now_s: float, waiting_s: Mapping[str, Sequence[float]] | None = None
    ) -> list[ObjectiveStatus]:
        """Each objective at `now_s`, in seconds since the load began; `now_s` never goes back.

        `waiting_s`: by journey, how long each has waited that is not over. One that can only be bad
        by now, for each of its journey's objectives, is a bad event at once, of the window and of
        the whole: so objectives of one journey have the same number of events.
        """
        outcomes = list(self._window(now_s))
        return [
            self._status(objective, outcomes, (waiting_s or {}).get(objective.journey, ()))
            for objective in self._objectives
        ]

    def _status(
        self, objective: Objective, outcomes: Sequence[Outcome], waiting_s: Sequence[float]
    ) -> ObjectiveStatus:
        name, threshold_s = objective.journey, objective.threshold_s
        hung_s = [time_s for time_s in waiting_s if time_s > self._loosest_s[name] + CERTAIN_S]
        events = [outcome.event for outcome in outcomes]
        good, total = sli.tally(events, name, threshold_s)
        own = [outcome for outcome in outcomes if outcome.event.name == name]
        causes = Counter(sli.causes(events, name, threshold_s))
        if hung_s:
            causes[NO_ANSWER] = len(hung_s)
        return ObjectiveStatus(
            objective,
            Count(good, total + len(hung_s)),
            Count(self._good[name, threshold_s], self._total[name] + len(hung_s)),
            sli.percentiles(
                [each.waited_s for each in own if each.event.latency_s is not None],
                [each.waited_s for each in own if each.event.latency_s is None] + hung_s,
            ),
            tuple(causes.most_common()),
        )

    def _window(self, now_s: float) -> deque[Outcome]:
        """The events that were due within the window; older ones are dropped."""
        since_s = now_s - self._window_s
        if any(outcome.event.intended_s < since_s for outcome in self._recent):
            self._recent = deque(o for o in self._recent if o.event.intended_s >= since_s)
        return self._recent

"""A burst in its middle: which journeys are under way, and which are certainly bad. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["BurstProgress", "EventCounter", "JourneyUnderWay", "Watch"]

Watch = tuple[tuple[str, float], ...]  # (journey name, threshold in seconds)


@dataclass(frozen=True, slots=True)
class BurstProgress:
    """Figures in the middle of a burst. An event counts as bad as soon as that is certain."""

    t_s: float  # since the start of the burst
    sent: int
    done: int
    pending: int
    events: Mapping[str, Mapping[float, int]]  # bad events by journey name and threshold

    def bad(self, journey: str) -> Mapping[float, int]:
        """Bad events of a journey by threshold."""
        return self.events.get(journey, {})


@dataclass(slots=True, eq=False)
class JourneyUnderWay:
    """A journey that has begun: `spent_s` in answers that came, and a wait since `waits_from_s`."""

    name: str
    waits_from_s: float
    spent_s: float = 0.0
    bad_at: set[float] = field(default_factory=set)  # thresholds at which it is certainly bad


class EventCounter:
    """Bad events of the watched journeys so far, each counted once at each of its thresholds."""

    def __init__(self, watch: Watch) -> None:
        self._bad: dict[str, dict[float, int]] = {}
        for name, threshold_s in watch:
            self._bad.setdefault(name, {})[threshold_s] = 0
        self._under_way: set[JourneyUnderWay] = set()

    def begin(self, name: str, due_s: float) -> JourneyUnderWay:
        """A journey that was due at that time, and waits for its first answer since."""
        journey = JourneyUnderWay(name, due_s)
        self._under_way.add(journey)
        return journey

    def end(self, journey: JourneyUnderWay) -> None:
        """The journey is over. What became of it has been counted, or is not known."""
        self._under_way.discard(journey)

    def count(self, journey: JourneyUnderWay, spent_s: float) -> None:
        """Count a journey as bad at each threshold that is below the time it has taken."""
        thresholds = self._bad.get(journey.name)
        if thresholds is None:
            return
        for threshold_s in thresholds:
            if spent_s > threshold_s and threshold_s not in journey.bad_at:
                journey.bad_at.add(threshold_s)
                thresholds[threshold_s] += 1

    def count_waiting(self, now_s: float) -> None:
        """Count what can only be bad by now. Think time, which ends in the future, is no wait."""
        for journey in self._under_way:
            self.count(journey, journey.spent_s + max(0.0, now_s - journey.waits_from_s))

    def bad(self) -> dict[str, dict[float, int]]:
        """Bad events by journey name and threshold: a copy."""
        return {name: dict(thresholds) for name, thresholds in self._bad.items()}

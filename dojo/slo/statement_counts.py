"""How many statements an event of the SLI costs, over the events that were answered. Pure."""

from collections.abc import Sequence

from dojo.load.server_timing import statements_sent
from dojo.slo.observation import Observation

__all__ = ["LEAST_EVENTS", "statements_per_event"]

LEAST_EVENTS = 10  # answered: the mean of fewer says nothing


def statements_per_event(observations: Sequence[Observation], journey: str) -> float | None:
    """The mean over the journeys of that name that came to their end, by the app's own count.

    None if too few came to their end, or if the app does not count. What other visitors sent, and
    those whose answer never came, is not in it.
    """
    counts = [count for each in observations for count in _counts(each, journey)]
    return sum(counts) / len(counts) if len(counts) >= LEAST_EVENTS else None


def _counts(observation: Observation, journey: str) -> list[int]:
    """The statements of each journey all of whose answers came, and said how many there were."""
    counts = []
    for index, samples in observation.by_journey().items():
        if observation.plan.journeys[index].name != journey:
            continue
        answered = [each for each in samples if each.done_s is not None]
        known = [count for each in answered if (count := statements_sent(each)) is not None]
        if len(known) == len(samples):
            counts.append(sum(known))
    return counts

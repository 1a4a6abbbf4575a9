"""How much of their waits visitors spent on connecting to the app. Pure.

The kernel accepts a connection for an app that is busy, as long as its queue has room. So
connecting takes next to nothing, unless the queue is full or every request needs a connection of
its own.
"""

from collections.abc import Iterable

from dojo.slo.observation import Observation

__all__ = ["connecting_share"]


def connecting_share(observations: Iterable[Observation]) -> float | None:
    """Seconds of connecting / seconds of waiting, of all requests that were sent; None of none.

    A request waits from its intended time until its answer, or until nobody waited any longer.
    """
    connecting_s = waiting_s = 0.0
    for observation in observations:
        for sample in observation.samples:
            if sample.sent_s is None:
                continue
            end_s = observation.ended_s if sample.done_s is None else sample.done_s
            connecting_s += sample.connect_s
            waiting_s += end_s - sample.intended_s
    return connecting_s / waiting_s if waiting_s else None

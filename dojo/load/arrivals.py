"""The steady load: the katas' journeys, mixed, in slices of some seconds. Pure.

Arrivals are one Poisson process over the whole length: the gaps between them are exponential, and
continue from one slice into the next. The number of journeys in a slice is random, unlike in a
burst, so that a rare journey has its share however short the slices are.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from random import Random

from dojo.load.plan import Flow, Journey, Plan

__all__ = ["mixed", "slices"]

Mix = tuple[tuple[Flow, float], ...]  # flows, each with its own rate in journeys a second


def mixed(loads: Sequence[Sequence[Flow]], rate_per_s: float) -> Mix:
    """Each kata gets an equal share of the rate, and its flows share that as in its own burst."""
    mix = []
    for flows in loads:
        own_rate_per_s = sum(flow.rate_per_s for flow in flows)
        factor = rate_per_s / len(loads) / own_rate_per_s
        mix += [(flow, flow.rate_per_s * factor) for flow in flows]
    return tuple(mix)


def slices(
    rng: Random,
    mix: Mix,
    slice_s: float,
    until_s: float,
    pace: Callable[[], float] = lambda: 1.0,
    from_s: float = 0.0,
) -> Iterator[Plan]:
    """Plans for [from_s, from_s + slice_s), the `slice_s` after that, … up to `until_s`.

    Intended starts count from the start of the load, not of the slice. `duration_s` of a plan is
    the end of its slice. Before each slice `pace` is asked how many times as fast as the mix it is.
    """
    flows, rates = [flow for flow, _ in mix], list(accumulate(rate for _, rate in mix))
    seed, end_s = rng.getrandbits(32), from_s
    ahead = rng.expovariate(1.0)  # how many arrivals' mean distance the next arrival is away
    while end_s < until_s:
        start_s, end_s = end_s, min(end_s + slice_s, until_s)
        rate_per_s, journeys = rates[-1] * pace(), []
        while (at_s := start_s + ahead / rate_per_s) < end_s:
            (flow,) = rng.choices(flows, cum_weights=rates)
            journeys.append(Journey(flow.name, flow.make(rng).steps, at_s))
            start_s, ahead = at_s, rng.expovariate(1.0)
        ahead -= (end_s - start_s) * rate_per_s
        yield Plan(seed, end_s, tuple(journeys))

"""The SLI of each segment of the visitors: a total hides its parts. Pure.

Which visitor is of which segment, the kata says in its journeys.
"""

from collections import Counter
from collections.abc import Sequence

from dojo.burst_figures import SegmentSli
from dojo.slo.observation import Observation

__all__ = ["segment_slis"]


def segment_slis(
    observations: Sequence[Observation], journey: str, threshold_s: float
) -> tuple[SegmentSli, ...]:
    """Good and total events of each segment of a journey, the worst first.

    Empty if fewer than two segments came: one alone is the total.
    """
    good, total = Counter[str](), Counter[str]()
    for observation in observations:
        for event in observation.events(threshold_s):
            segment = observation.plan.journeys[event.journey].segment
            if event.name == journey and segment:
                total[segment] += 1
                good[segment] += event.cause(threshold_s) is None
    if len(total) < 2:
        return ()
    slis = [SegmentSli(name, good[name], total[name]) for name in sorted(total)]
    return tuple(sorted(slis, key=lambda each: each.sli))

"""Every new answer of a burst, held against what it must be."""

from collections.abc import Callable, Mapping

from dojo import Burst, Journey, Sample, Wrong
from katas.shop.expected.moment import Moment

__all__ = ["Judge", "wrong_answers"]

Judge = Callable[[Sample, Journey, Moment], Wrong | None]


def wrong_answers(burst: Burst, judges: Mapping[str, Judge]) -> dict[tuple[int, int], Wrong]:
    """The (journey, step) of each unjudged answer that is not right; judges by journey's name.

    A judge sees every answer that came, whatever its status.
    """
    wrong = {}
    for name, judge in judges.items():
        for sample, journey in burst.unjudged(name):
            if sample.status is None or sample.sent_s is None or sample.done_s is None:
                continue
            when = Moment(sample.sent_s, sample.done_s, burst.staleness_s)
            if (problem := judge(sample, journey, when)) is not None:
                wrong[sample.journey, sample.step] = problem
    return wrong

"""Which writes a read must show, and which it may: a published staleness limit made exact. Pure.

A read that was sent at s and answered at d may have looked at the data as of any moment from
s - limit to d. So it must show each write acknowledged by s - limit, it may show each write sent
before d, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Write", "versions"]


@dataclass(frozen=True, slots=True)
class Write:
    """One request that changes something; seconds on the clock that also times the reads."""

    sent_s: float
    done_s: float | None  # None: never acknowledged, so it may have happened or not


def versions(
    writes: Sequence[Write], sent_s: float, done_s: float, limit_s: float
) -> tuple[int, int]:
    """(fewest, most): how many of a thing's writes, in their order, a read can have seen."""
    fewest = most = 0
    for place, write in enumerate(writes, start=1):
        if write.done_s is not None and write.done_s + limit_s <= sent_s:
            fewest = place
        if write.sent_s < done_s:
            most = place
    return fewest, max(fewest, most)

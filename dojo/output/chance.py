"""By how much two runs of one and the same app differ: what moved by less may be chance. Pure.

Seen in repeated attempts at katas 01 to 03 as they are shipped, and solved, on two cores:

- Alone (the median of three to five): with nobody else on the machine at most 1.56 times (172 to
  268 ms; solved 12.6 to 16.0 ms); beside busy programs up to 1.9 times (12.6 to 23.6 ms).
- Answers a second of a burst that was stopped after 3 s: 5.3 to 7.2, of some 20 answers each, and
  25 to 28 of some 80: within the square root of the count, as for events that come by chance.
- Statements for each answer: over 960 answers 2.40 to 2.41 and 21.4 to 21.6; over some 20 answers
  7 to 20, since one visitor in five needs fifty times as many as the others.
- The limits below were chosen above what was seen: they are no confidence intervals.
- Events in a group of bad ones: taken as counts, whose standard deviation is their square root. A
  group of five on average is missing by chance in 0.7% of runs (e⁻⁵).
"""

from math import sqrt

__all__ = ["LEAST_OF_A_GROUP", "STILL", "other_count", "other_rate", "other_time", "other_work"]

STILL = 0.05  # a figure that moved by less stands still, however exact it is
TIMES, LEAST_S = 1.6, 0.02  # of a time alone …
TIMES_CROWDED = 2.2  # … and where others used the machine
DEVIATIONS = 2.0  # of a difference of counts …
OF_MEANS = 3.0  # … and of means of few answers, which are far from normal
MIX = 1.8  # standard deviation of one event's statements, over their mean
OTHER_WORK = 1.25  # times the statements: less is another mix of visitors
LEAST_OF_A_GROUP = 5  # events: a group of fewer is neither gone nor new, grown nor shrunk


def other_time(then_s: float, now_s: float, *, crowded: bool = False) -> bool:
    """Whether two times alone differ by more than those of one app do."""
    low_s, high_s = sorted((then_s, now_s))
    return high_s - low_s >= LEAST_S and high_s >= (TIMES_CROWDED if crowded else TIMES) * low_s


def other_rate(then: int, then_s: float, now: int, now_s: float) -> bool:
    """Whether so many in so many seconds are another rate."""
    if not then_s or not now_s:
        return False
    rates = then / then_s, now / now_s
    difference = abs(rates[1] - rates[0])
    deviation = sqrt(then / then_s**2 + now / now_s**2)
    return difference > STILL * max(rates) and difference >= DEVIATIONS * deviation


def other_work(then: float, of_then: int, now: float, of_now: int) -> bool:
    """Whether two means of statements, over so many answers, are of different work."""
    if not of_then or not of_now:
        return False
    low, high = sorted((then, now))
    spread = OF_MEANS * MIX * sqrt(1 / of_then + 1 / of_now)
    return high >= max(OTHER_WORK, 1 + spread) * low


def other_count(then: int, of_then: int, now: int, of_now: int) -> bool:
    """Whether the shares that two counts are of all events differ."""
    return other_rate(then, of_then, now, of_now)

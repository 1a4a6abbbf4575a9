"""A verdict in up to three looks: an exact group-sequential binomial test of each objective. Pure.

The error that may be made is stated before the first event comes. If the true bad ratio is just
1 - target, a run is called green with a probability of at most `GREEN_ALPHA`, over all looks
together; likewise red, with `RED_ALPHA` shared between the objectives, since any one of them makes
a run red while all of them are needed for green (an intersection-union test: Berger, Technometrics
24, 1982; no share is due).

After each look the count of all bad events so far is held against two bounds that were computed in
advance: at most `green_at_most[look]` is green, at least `red_from[look]` is red, what lies between
needs another look. The bounds spend the error as Lan and DeMets describe it (Biometrika 70, 1983):
`SPENT[look]` is the share that may be gone by then. The probabilities are exact: the distribution
of the count over all paths on which nothing was decided at an earlier look (Armitage, McPherson and
Rowe, Journal of the Royal Statistical Society A 132, 1969), by convolution. Counts are whole
numbers, so less than the allowed error is spent, never more.

Events are taken as independent. Stalls that hit neighbours together make them less so, and both
errors larger: `operating_characteristics` has the figures (`clump`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

__all__ = [
    "GREEN_ALPHA",
    "LOOKS",
    "RED_ALPHA",
    "Bounds",
    "Call",
    "Characteristics",
    "bounds",
    "equal_looks",
    "operating_characteristics",
    "red_alpha",
]

LOOKS = 3
GREEN_ALPHA = 0.001  # for each objective
RED_ALPHA = 0.001  # for all objectives of a kata together
SPENT = (0.8, 0.9, 1.0)  # of the error, by the end of each look; most of it at the first
NEGLIGIBLE = 1e-18  # a probability below this can't change any bound

Call = Literal["green", "red", "open"]
Distribution = dict[int, float]  # count of bad events: probability


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of one objective, one of each kind for each look.

    `totals` are the events by the end of each look; -1 in `green_at_most` and totals + 1 in
    `red_from` mean that no count is green, or red, at that look.
    """

    totals: tuple[int, ...]
    green_at_most: tuple[int, ...]
    red_from: tuple[int, ...]

    def call(self, look: int, bad: int) -> Call:
        """What `bad` events of all that came by the end of `look` (from 0) mean."""
        if bad >= self.red_from[look]:
            return "red"
        return "green" if bad <= self.green_at_most[look] else "open"


@lru_cache(maxsize=128)
def bounds(
    target: float,
    totals: tuple[int, ...],
    green_alpha: float = GREEN_ALPHA,
    red_alpha: float = RED_ALPHA,
) -> Bounds:
    """The bounds for a target (a ratio below 1) with so many events by the end of each look.

    ValueError if the target is no ratio, or the totals do not rise.
    """
    if not 0 < target < 1:
        raise ValueError(f"a target is a ratio between 0 and 1, not {target}")
    if not totals or any(later <= earlier for earlier, later in pairwise((0, *totals))):
        raise ValueError(f"totals must rise from look to look, not {totals}")
    bad_ratio = 1 - target
    return Bounds(
        totals,
        _green(bad_ratio, totals, green_alpha),
        _red(bad_ratio, totals, red_alpha),
    )


def _green(bad_ratio: float, totals: tuple[int, ...], alpha: float) -> tuple[int, ...]:
    """The largest counts at which green is wrong with a probability of at most alpha in all."""
    undecided: Distribution = {0: 1.0}
    limits, spent, before = list[int](), 0.0, 0
    for look, total in enumerate(totals):
        reached = _add_events(undecided, total - before, bad_ratio)
        limit = -1
        for count in sorted(reached):
            if spent + reached[count] > SPENT[look] * alpha:
                break
            spent += reached[count]
            limit = count
        limits.append(limit)
        undecided = {count: chance for count, chance in reached.items() if count > limit}
        before = total
    return tuple(limits)


def _red(bad_ratio: float, totals: tuple[int, ...], alpha: float) -> tuple[int, ...]:
    """The smallest counts at which red is wrong with a probability of at most alpha in all."""
    undecided: Distribution = {0: 1.0}
    limits, spent, before = list[int](), 0.0, 0
    for look, total in enumerate(totals):
        reached = _add_events(undecided, total - before, bad_ratio)
        limit = total + 1
        for count in sorted(reached, reverse=True):
            if spent + reached[count] > SPENT[look] * alpha:
                break
            spent += reached[count]
            limit = count
        limits.append(limit)
        undecided = {count: chance for count, chance in reached.items() if count < limit}
        before = total
    return tuple(limits)


def _add_events(
    counts: Distribution, events: int, bad_ratio: float, clump: int = 1
) -> Distribution:
    """The counts after so many more events, of which whole clumps are bad together."""
    steps = _binomial(events // clump, bad_ratio)
    rest = events % clump
    steps = {count * clump: chance for count, chance in steps.items()}
    if rest:
        steps = _convolve(steps, {0: 1 - bad_ratio, rest: bad_ratio})
    return _convolve(counts, steps)


def _convolve(first: Distribution, second: Distribution) -> Distribution:
    found: Distribution = {}
    for count, chance in first.items():
        for more, likely in second.items():
            found[count + more] = found.get(count + more, 0.0) + chance * likely
    return {count: chance for count, chance in found.items() if chance > NEGLIGIBLE}


def _binomial(events: int, ratio: float) -> Distribution:
    if ratio <= 0 or ratio >= 1:
        return {events if ratio >= 1 else 0: 1.0}
    ways = math.lgamma(events + 1)
    found = {}
    for count in range(events + 1):
        log = ways - math.lgamma(count + 1) - math.lgamma(events - count + 1)
        chance = math.exp(log + count * math.log(ratio) + (events - count) * math.log1p(-ratio))
        if chance > NEGLIGIBLE:
            found[count] = chance
    return found


@dataclass(frozen=True, slots=True)
class Characteristics:
    """What becomes of runs of an app with a given bad ratio: probabilities by the end of a look."""

    green: tuple[float, ...]
    red: tuple[float, ...]

    @property
    def undecided(self) -> float:
        """The probability that nothing is decided after the last look."""
        return max(0.0, 1 - self.green[-1] - self.red[-1])


def operating_characteristics(
    objective: Bounds, bad_ratio: float, clump: int = 1
) -> Characteristics:
    """How an app whose true bad ratio is `bad_ratio` fares against the bounds.

    With `clump` above 1 events go bad in stalls of so many neighbours: each stall is bad, as a
    whole, with that probability.
    """
    undecided: Distribution = {0: 1.0}
    green, red, before = [0.0], [0.0], 0
    for look, total in enumerate(objective.totals):
        reached = _add_events(undecided, total - before, bad_ratio, clump)
        calls = {count: objective.call(look, count) for count in reached}
        green.append(green[-1] + math.fsum(reached[c] for c in reached if calls[c] == "green"))
        red.append(red[-1] + math.fsum(reached[c] for c in reached if calls[c] == "red"))
        undecided = {count: chance for count, chance in reached.items() if calls[count] == "open"}
        before = total
    return Characteristics(tuple(green[1:]), tuple(red[1:]))


def equal_looks(events: int, looks: int = LOOKS) -> tuple[int, ...]:
    """The totals of `looks` looks with so many events each."""
    return tuple(events * (look + 1) for look in range(looks))


def red_alpha(objectives: Sequence[object]) -> float:
    """The share of one objective in the error that a kata's red may have (Bonferroni)."""
    return RED_ALPHA / max(1, len(objectives))

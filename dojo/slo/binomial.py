"""The binomial distribution, exactly: tails, the least number of events, an interval. Pure."""

import math
from collections.abc import Callable, Iterable, Iterator

__all__ = ["ALPHA", "at_least", "at_most", "enough", "interval"]

ALPHA = 0.001
NEGLIGIBLE = 1e-25


def at_most(k: int, n: int, p: float) -> float:
    """P(X <= k) for X ~ Binomial(n, p), summed from the largest term outwards.

    Terms below NEGLIGIBLE times the largest are left out: together, for up to a million events,
    they are less than a double can hold beside it.
    """
    if k < 0:
        return 0.0
    if k >= n or p <= 0:
        return 1.0
    if p >= 1:
        return 0.0
    top = min(k, int((n + 1) * p))
    largest = _term(top, n, p)
    odds = p / (1 - p)
    below = _falling(largest, (i / ((n - i + 1) * odds) for i in range(top, 0, -1)))
    above = _falling(largest, ((n - i) * odds / (i + 1) for i in range(top, k)))
    return min(1.0, math.fsum((largest, *below, *above)))


def at_least(k: int, n: int, p: float) -> float:
    """P(X >= k) for X ~ Binomial(n, p)."""
    return at_most(n - k, n, 1 - p)


def _term(i: int, n: int, p: float) -> float:
    log_choose = math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1)
    return math.exp(log_choose + i * math.log(p) + (n - i) * math.log1p(-p))


def _falling(term: float, ratios: Iterable[float]) -> Iterator[float]:
    """The terms that follow `term`, each by its ratio to the one before, until they are tiny."""
    least = term * NEGLIGIBLE
    for ratio in ratios:
        term *= ratio
        if term <= least:
            return
        yield term


def enough(target: float, alpha: float = ALPHA) -> int:
    """The smallest number of events with which a faultless run is green: target^n <= alpha."""
    return math.ceil(math.log(alpha) / math.log(target))


def interval(good: int, total: int, alpha: float = 2 * ALPHA) -> tuple[float, float]:
    """Clopper and Pearson's exact interval for the ratio of good events (Biometrika 26, 1934).

    Each end is wrong with a probability of at most alpha / 2.
    """
    if total == 0:
        return (0.0, 1.0)
    low = 0.0 if good == 0 else _solve(lambda p: at_least(good, total, p) - alpha / 2)
    high = 1.0 if good == total else _solve(lambda p: alpha / 2 - at_most(good, total, p))
    return (low, high)


def _solve(rising: Callable[[float], float]) -> float:
    """The root in [0, 1] of a rising function, by bisection to double precision."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2

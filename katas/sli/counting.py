"""What an SLI counts, found out from its numbers: which requests are good, bad or left out.

An SLI adds up events: each request of a kind counts as one, or not at all, on every day alike. So
its numbers are sums of the log's own, and solving for the weights gives 1 for what it counts and
0 for what it leaves out. Where they are anything else, or the numbers are no such sums, somebody
has written numbers instead of counting. Knows counts; neither SQL nor the truth of a day.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from katas.sli.judging import Counted, Group
from katas.sli.shop_traffic import CLASSES, CLIENTS, ROUTES, SEGMENTS
from katas.sli.years import Years

__all__ = ["Kind", "NoSum", "Weights", "weights_of"]

FEW_DAYS = 60  # a kind of request seen on fewer days is too rare to solve for
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kind:
    """Requests that are alike in the log."""

    route: str
    segment: str
    client: str
    outcome: str


@dataclass(frozen=True, slots=True)
class NoSum:
    """Numbers of a group that no choice of requests gives."""

    group: Group
    column: str  # good or total
    days: int  # on which they differ from what fits best
    day: int  # the first of them
    value: float  # what the SLI says
    nearest: float  # what counting would say


@dataclass(frozen=True, slots=True)
class Weights:
    """How much of each kind is in good and in total, in each group that holds it: 0, 1 or else."""

    good: dict[Kind, list[float]]
    total: dict[Kind, list[float]]
    no_sums: tuple[NoSum, ...]
    in_no_group: tuple[Kind, ...] = ()  # kinds that no group holds


def weights_of(counted: Counted, years: Years) -> Weights:
    """Solve for the weights in each group; milliseconds each."""
    kinds, columns = _columns(years)
    days_seen = (columns > 0).sum(axis=0)
    common = days_seen >= FEW_DAYS
    plain_days = np.asarray(~(columns[:, ~common] > 0).any(axis=1))
    solver = _Solver(kinds, columns, common, plain_days)
    good: dict[Kind, list[float]] = {}
    total: dict[Kind, list[float]] = {}
    no_sums = []
    for number, group in enumerate(counted.groups):
        for column, events, weights in (
            ("good", counted.good[number], good),
            ("total", counted.total[number], total),
        ):
            found, no_sum = solver.solve(group, column, events.reshape(-1))
            for kind, weight in found.items():
                weights.setdefault(kind, []).append(weight)
            if no_sum is not None:
                no_sums.append(no_sum)
    in_no_group = tuple(
        kind
        for kind, is_common in zip(kinds, common, strict=True)
        if is_common and not any(_holds(group, kind) for group in counted.groups)
    )
    return Weights(good, total, tuple(no_sums), in_no_group)


def _columns(years: Years) -> tuple[list[Kind], Floats]:
    """The kinds that come at all, and how many there are on each day: (days, kinds)."""
    counts = years.requests.reshape(-1, *years.requests.shape[2:])
    by_kind = counts.reshape(len(counts), -1)
    come = np.flatnonzero(by_kind.any(axis=0))
    every = [Kind(*names) for names in product(ROUTES, SEGMENTS, CLIENTS, CLASSES)]
    return [every[index] for index in come], by_kind[:, come].astype(np.float64)


class _Solver:
    """Least squares over the days that have no rare requests; verified by whole numbers."""

    def __init__(
        self,
        kinds: list[Kind],
        columns: Floats,
        common: NDArray[np.bool_],
        plain_days: NDArray[np.bool_],
    ) -> None:
        self._kinds, self._columns = kinds, columns
        self._common, self._plain = common, plain_days
        self._plain_rows = np.ascontiguousarray(columns[plain_days].T)  # (kinds, plain days)
        self._products = self._plain_rows @ self._plain_rows.T

    def solve(
        self, group: Group, column: str, events: Floats
    ) -> tuple[dict[Kind, float], NoSum | None]:
        """The weight of each common kind of the group, and whether they give the numbers."""
        inside = np.array([_holds(group, kind) for kind in self._kinds])
        use = np.flatnonzero(inside & self._common)
        rare = self._columns[:, inside & ~self._common].sum(axis=1)
        right_side = self._plain_rows @ events[self._plain]
        weights, *_ = np.linalg.lstsq(self._products[np.ix_(use, use)], right_side[use], rcond=None)
        whole = np.clip(np.round(weights), 0, 1)
        sums = self._columns[:, use] @ whole
        off = (events < sums - 0.001) | (events > sums + rare + 0.001)
        found = {
            self._kinds[index]: float(weight) for index, weight in zip(use, weights, strict=True)
        }
        if not off.any():
            return dict(zip(found, map(float, whole), strict=True)), None
        day = int(np.flatnonzero(off)[0])
        no_sum = NoSum(group, column, int(off.sum()), day, float(events[day]), float(sums[day]))
        return found, no_sum


def _holds(group: Group, kind: Kind) -> bool:
    segment, route = group
    return segment in (None, kind.segment) and route in (None, kind.route)

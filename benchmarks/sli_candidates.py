"""SLIs as a person might hand them in, by their decisions: for the tables, not for the kata.

Each is the same as a SELECT over one of the logs; tests hold some of them against the SQL.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from katas.sli.design import Slo
from katas.sli.judging import Counted
from katas.sli.shop_traffic import CLASSES, CLIENTS, ROUTES, SEGMENTS
from katas.sli.years import Years

__all__ = ["CANDIDATES", "Candidate"]

BEST_SLO = Slo(0.995, 6)
EVERY_BAD = ("slow", "hanging", "empty", "5xx", "lost")
BY_ALL, BY_SEGMENT, BY_ROUTE, BY_BOTH = "all", "segment", "route", "segment and route"
GROUPS = {
    BY_ALL: ((None, None),),
    BY_SEGMENT: tuple((segment, None) for segment in SEGMENTS),
    BY_ROUTE: tuple((None, route) for route in ROUTES),
    BY_BOTH: tuple((segment, route) for segment in SEGMENTS for route in ROUTES),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whose log, who counts, what is bad, what is left out, by which groups, and the target."""

    name: str
    log: str = "lb"  # or "app"
    clients: tuple[str, ...] = ("person",)
    bad: tuple[str, ...] = EVERY_BAD
    left_out: tuple[str, ...] = ()
    by: tuple[str, ...] = (BY_ALL, BY_SEGMENT, BY_ROUTE)
    slo: Slo = BEST_SLO
    times_bad: int = 1

    def count(self, years: Years) -> Counted:
        """Its events in the judged years."""
        clients = [CLIENTS.index(client) for client in self.clients]
        cells = years.requests[:, :, :, :, clients].sum(axis=4)
        total = self._sum(cells, [name for name in CLASSES if name not in self.left_out])
        bad = self._sum(cells, self.bad) * self.times_bad
        groups = tuple(group for by in self.by for group in GROUPS[by])
        return Counted(
            groups,
            np.stack([_of_group(total - bad, group) for group in groups]),
            np.stack([_of_group(total, group) for group in groups]),
        )

    def _sum(
        self, cells: NDArray[np.int64], classes: list[str] | tuple[str, ...]
    ) -> NDArray[np.int64]:
        seen = [name for name in classes if not (name == "lost" and self.log == "app")]
        if self.log == "app" and "left" in seen and "left" in self.bad:
            seen.remove("left")  # the app counts it as any other answer
        return np.asarray(cells[..., [CLASSES.index(name) for name in seen]].sum(axis=-1))


def _of_group(counts: NDArray[np.int64], group: tuple[str | None, str | None]) -> NDArray[np.int64]:
    segment, route = group
    routes = slice(None) if route is None else [ROUTES.index(route)]
    segments = slice(None) if segment is None else [SEGMENTS.index(segment)]
    return np.asarray(counts[:, :, routes][:, :, :, segments].sum(axis=(2, 3)))


BEST = Candidate("the load balancer's log, people, in time, not empty, by segment and route")
SHIPPED = Candidate(
    "shipped: the app's log, no 5xx, everybody",
    log="app",
    clients=CLIENTS,
    bad=("5xx",),
    by=(BY_ALL,),
    slo=Slo(0.995, 1),
)


def _best(name: str, **changes: object) -> Candidate:
    return replace(BEST, name=name, **changes)  # type: ignore[arg-type]


def _target(target: float, min_bad_events: int = 6) -> Slo:
    return Slo(target, min_bad_events)


HONEST = (
    BEST,
    _best("… target 99%", slo=_target(0.99)),
    _best("… target 98%", slo=_target(0.98)),
    _best("… at least 5 bad", slo=_target(0.995, 5)),
    _best("… at least 7 bad", slo=_target(0.995, 7)),
    _best("… 99%, at least 4 bad", slo=_target(0.99, 4)),
    _best("… those who left not counted", left_out=("left",)),
    _best("… 4xx not counted", left_out=("4xx",)),
    _best("… neither counted", left_out=("left", "4xx")),
    _best("… by segment and by route, without all", by=(BY_SEGMENT, BY_ROUTE)),
    _best(
        "… by route, and segment by route, 3 bad, 99%", by=(BY_BOTH, BY_ROUTE), slo=_target(0.99, 3)
    ),
    _best("… each segment by route, 3 bad", by=(BY_BOTH,), slo=_target(0.995, 3)),
    _best("… each segment by route, 3 bad, 99%", by=(BY_BOTH,), slo=_target(0.99, 3)),
    _best(
        "… by all three and both", by=(BY_ALL, BY_SEGMENT, BY_ROUTE, BY_BOTH), slo=_target(0.99, 6)
    ),
    _best("… bots counted too", clients=("person", "bot")),
)
WRONG = (
    SHIPPED,
    replace(
        SHIPPED, name="the app's log, 2xx of all, 99.99%", bad=("5xx", "4xx"), slo=Slo(0.9999, 1)
    ),
    replace(
        SHIPPED, name="the load balancer's log, no 5xx, everybody", log="lb", bad=("5xx", "lost")
    ),
    replace(BEST, name="… people only", bad=("5xx", "lost"), by=(BY_ALL,)),
    replace(BEST, name="… and in time", bad=("5xx", "lost", "slow", "hanging"), by=(BY_ALL,)),
    replace(BEST, name="… and not empty", by=(BY_ALL,)),
    replace(BEST, name="… and not empty, 99%", by=(BY_ALL,), slo=_target(0.99)),
    *(
        _best(f"… by segment only, {target:.4g}", by=(BY_ALL, BY_SEGMENT), slo=_target(target))
        for target in (0.99, 0.995, 0.997, 0.9975, 0.998, 0.999)
    ),
    *(
        _best(f"… by route only, {target:.4g}", by=(BY_ALL, BY_ROUTE), slo=_target(target))
        for target in (0.99, 0.995, 0.997, 0.9975, 0.998, 0.999)
    ),
    *(
        _best(f"… no groups, {target:.4g}", by=(BY_ALL,), slo=_target(target))
        for target in (0.997, 0.9975, 0.998, 0.999)
    ),
    _best("without: whose log (the app's)", log="app"),
    _best("without: who counts (health checks in)", clients=("person", "health check")),
    _best("without: who counts (bots and checks in)", clients=("person", "health check", "bot")),
    _best("without: who counts (the partner in)", clients=("person", "partner")),
    _best("without: who counts (everybody)", clients=CLIENTS),
    _best("without: time", bad=("empty", "5xx", "lost")),
    _best("without: time (3 s)", bad=("hanging", "empty", "5xx", "lost")),
    _best("without: time (300 ms)", bad=(*EVERY_BAD, "in time")),
    _best("without: content", bad=("slow", "hanging", "5xx", "lost")),
    _best("without: segments", by=(BY_ALL, BY_ROUTE)),
    _best("without: routes", by=(BY_ALL, BY_SEGMENT)),
    _best("without: 5xx", bad=("slow", "hanging", "empty", "lost")),
    _best("without: lost ones (502 not bad)", bad=("slow", "hanging", "empty", "5xx")),
    _best("without: at least so many", slo=_target(0.995, 1)),
    _best("without: at least so many (2)", slo=_target(0.995, 2)),
    _best("4xx bad", bad=(*EVERY_BAD, "4xx")),
    _best("4xx bad, 98%", bad=(*EVERY_BAD, "4xx"), slo=_target(0.98)),
    _best("those who left bad", bad=(*EVERY_BAD, "left")),
    _best("those who left bad, 99%", bad=(*EVERY_BAD, "left"), slo=_target(0.99)),
    _best("those who left bad, 98%", bad=(*EVERY_BAD, "left"), slo=_target(0.98)),
    *(_best(f"target {t:.4%}", slo=_target(t)) for t in (0.9, 0.95, 0.997, 0.998, 0.999, 0.9999)),
    _best("target 0", slo=_target(0.0)),
    _best("at least 15 bad", slo=_target(0.995, 15)),
    _best("at least 20 bad", slo=_target(0.995, 20)),
    _best("at least 1000 bad", slo=_target(0.995, 1000)),
    _best("each segment by route, 1 bad", by=(BY_BOTH,), slo=_target(0.995, 1)),
    _best("each segment by route, 6 bad", by=(BY_BOTH,), slo=_target(0.995, 6)),
    _best("each segment by route, 8 bad", by=(BY_BOTH,), slo=_target(0.995, 8)),
)
OTHER = (  # on the edge, or a matter of taste
    _best("target 97%", slo=_target(0.97)),
    _best("target 96%", slo=_target(0.96)),
    _best("target 98.5%", slo=_target(0.985)),
    _best("target 99.6%", slo=_target(0.996)),
    _best("target 99%, 1 bad", slo=_target(0.99, 1)),
    _best("target 99%, 2 bad", slo=_target(0.99, 2)),
    _best("target 98%, 1 bad", slo=_target(0.98, 1)),
    _best("at least 3 bad", slo=_target(0.995, 3)),
    _best("at least 4 bad", slo=_target(0.995, 4)),
    _best("at least 8 bad", slo=_target(0.995, 8)),
    _best("at least 10 bad", slo=_target(0.995, 10)),
    _best("each segment by route, 4 bad", by=(BY_BOTH,), slo=_target(0.995, 4)),
    _best("each segment by route, 2 bad", by=(BY_BOTH,), slo=_target(0.995, 2)),
    _best("bad ones four times, 98%", times_bad=4, slo=_target(0.98)),
    _best("bad ones four times, no groups, 99%", times_bad=4, by=(BY_ALL,), slo=_target(0.99)),
)
CANDIDATES = {"honest": HONEST, "wrong": WRONG, "other": OTHER}

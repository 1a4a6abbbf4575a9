"""What the load will do, fixed before it starts: steps, journeys, the plan. Pure: no clock, no I/O.

A plan is made from a seed. It holds every request of the burst with its intended time, so that a
slow app can't slow its own load down (an open model), and two runs of one seed send the same load.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

__all__ = ["BROWSER", "Flow", "Journey", "Load", "Plan", "SqlStep", "Step", "poisson_arrivals"]

# the headers of every request, timed or not, so that an app can't tell who sends it
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-GB,en;q=0.9",
    "Accept-Encoding": "gzip, deflate",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a journey.

    `capture` names values in the step's JSON answer, each by its key path, such as
    "purchases.0.id". In `path`, `headers` and `body` of later steps of the same journey, `{{name}}`
    stands for such a value. `accepts` lists the only statuses that are right, for a request that
    must be refused; without it every status below 400 is right.

        Step("home", "GET", "/")
        Step("review", "POST", "/reviews", body=b'{"purchase_id": {{purchase}}}', think_s=0.2)
        Step("wrong password", "POST", "/login", body=form, accepts=(401,))
    """

    name: str
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    think_s: float = 0.0  # pause between the answer to the step before and this step
    capture: Mapping[str, str] = field(default_factory=dict)
    accepts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Journey:
    """What one visitor does.

    `expect` is for the kata alone. `segment` is the name of a group of visitors, such as "wrong
    password": the report shows an SLI for each group. Neither reaches the generator.
    """

    name: str  # its flow's
    steps: tuple[Step, ...]
    intended_s: float = 0.0  # start, in seconds from the start of the burst
    expect: Any = None
    segment: str = ""

    @classmethod
    def of(cls, *steps: Step, expect: Any = None, segment: str = "") -> "Journey":
        """A journey as a flow's function makes it: its flow gives it name and start."""
        return cls("", steps, expect=expect, segment=segment)


@dataclass(frozen=True, slots=True)
class Flow:
    """A stream of journeys of one kind: `rate_per_s` of them, made one by one by `make(rng)`."""

    name: str
    rate_per_s: float
    make: Callable[[Random], Journey]


@dataclass(frozen=True, slots=True)
class SqlStep:
    """A statement that the grader sends to the shop's database itself, past the app.

    It changes a fact behind the app's back, as another program of the shop would, or counts
    something in the middle of the burst. `undo`, with the same parameters, takes back what it does
    to rows of the seed: they must be as seeded once that is taken back. `expect` is for the kata
    alone.

        SqlStep("price", "UPDATE products SET price = %(new)s WHERE id = %(id)s",
                {"id": 7, "new": 12, "old": 9}, "UPDATE products SET price = %(old)s WHERE id = …")
    """

    name: str
    sql: str
    params: Mapping[str, Any] = field(default_factory=dict)
    undo: str = ""
    at_s: float = 0.0  # seconds from the start of the burst
    expect: Any = None


def no_sql(rng: Random, duration_s: float) -> Sequence[SqlStep]:
    """Nothing happens behind the app's back."""
    return ()


@dataclass(frozen=True, slots=True)
class Load:
    """Who comes: the SLI's journeys, made one by one by `make(rng)`, and other flows beside them.

    The name and the rate of the SLI's journeys stand in slo.yaml alone. `sql(rng, duration_s)` says
    what the grader does to the shop's database during a burst of that length.
    """

    make: Callable[[Random], Journey]
    beside: tuple[Flow, ...] = ()
    sql: Callable[[Random, float], Sequence[SqlStep]] = no_sql


@dataclass(frozen=True, slots=True)
class Plan:
    """Every journey of a burst, and the statements beside them, in the order of their starts."""

    seed: int
    duration_s: float
    journeys: tuple[Journey, ...]
    sql_steps: tuple[SqlStep, ...] = ()  # sent by the grader, never by the generator

    @classmethod
    def of(
        cls,
        seed: int,
        duration_s: float,
        flows: Sequence[Flow],
        sql: Callable[[Random, float], Sequence[SqlStep]] = no_sql,
    ) -> "Plan":
        """Draw the whole burst: round(rate × duration) journeys of each flow, Poisson arrivals."""
        rng = Random(seed)
        journeys: list[Journey] = []
        for flow in flows:
            for at_s in poisson_arrivals(rng, round(flow.rate_per_s * duration_s), duration_s):
                journey = flow.make(rng)
                journeys.append(replace(journey, name=flow.name, intended_s=at_s))
        journeys.sort(key=lambda journey: journey.intended_s)
        sql_steps = sorted(sql(rng, duration_s), key=lambda step: step.at_s)
        return cls(seed, duration_s, tuple(journeys), tuple(sql_steps))

    def count(self, name: str) -> int:
        """How many journeys of that name the plan schedules."""
        return sum(journey.name == name for journey in self.journeys)

    def without_expectations(self) -> "Plan":
        """The plan as the generator gets it: what a kata expects may be nothing to be pickled."""
        journeys = [Journey(each.name, each.steps, each.intended_s) for each in self.journeys]
        return Plan(self.seed, self.duration_s, tuple(journeys))


def poisson_arrivals(rng: Random, count: int, duration_s: float) -> list[float]:
    """`count` arrival times in [0, duration_s), ascending.

    A Poisson process, given that it has `count` arrivals, has them at sorted uniforms
    (Ross, Stochastic Processes, theorem 2.3.1); fixing the count keeps the verdict's n fixed.
    """
    return sorted(rng.random() * duration_s for _ in range(count))

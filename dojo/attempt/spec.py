"""What an attempt is made of, and what a burst of it leaves. Values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dojo.costs import WhereTimeWent
from dojo.kata.burst import Burst, Wrong
from dojo.kata.contract import Kata
from dojo.load.burst import BurstResult
from dojo.load.progress import BurstProgress
from dojo.observability.exporter import JourneyExporter
from dojo.slo.observation import Observation
from dojo.slo.openslo import ServiceLevel
from dojo.slo.validity import Machine

__all__ = ["AttemptSpec", "BurstRecord", "OnProgress"]

OnProgress = Callable[[int, BurstProgress], None]  # called with the look, from 1


@dataclass(frozen=True, slots=True)
class AttemptSpec:
    """What an attempt is made of."""

    kata: Kata
    level: ServiceLevel
    plan_seed: int
    number: int
    load_factor: float = 1.0  # what is sent, as a multiple of what the kata calls for
    exporter: JourneyExporter | None = None  # counts every event, for whoever looks
    machine: Machine = field(default_factory=Machine)


@dataclass(frozen=True, slots=True)
class BurstRecord:
    """A burst that was sent, as the load and the server's side saw it."""

    result: BurstResult
    burst: Burst  # for the kata
    wrong: Mapping[tuple[int, int], Wrong]
    observation: Observation  # for the judge
    where: WhereTimeWent

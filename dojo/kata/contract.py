"""What a kata states and what it is given: the seam between the katas and the machinery. Values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from dojo.kata.exposition import Exposition
from dojo.load.plan import Flow, Plan, Step
from dojo.load.sample import Sample
from dojo.report import CheckResult

if TYPE_CHECKING:  # a value loads no client
    from pathlib import Path

    import httpx
    import psycopg

__all__ = ["Burst", "Kata", "Site", "Wrong"]

WARM_UP_LOADS = 4


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer that came and was not right."""

    expected: str
    came: str
    stale: bool = False  # right once, but older than the published staleness limit


@dataclass(frozen=True, slots=True)
class Burst:
    """All that the load saw, for a kata to hold against what it knows."""

    plan: Plan
    samples: tuple[Sample, ...]
    staleness_s: float
    before: Exposition  # the app's own metrics, before and after
    after: Exposition

    def steps(self, journey: str, step: str) -> list[Sample]:
        """The samples of one step of the journeys of that name, in the plan's order."""
        return [
            sample
            for sample in self.samples
            if self.plan.journeys[sample.journey].name == journey
            and self.plan.journeys[sample.journey].steps[sample.step].name == step
        ]


class Site(Protocol):
    """The running website, for the parts of a kata that are not timed."""

    @property
    def http(self) -> "httpx.Client":
        """A client whose base URL is the site."""

    @property
    def db(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """The site's database, past the app and its distance, as the grader; autocommit."""

    @property
    def seeded_rows(self) -> Mapping[str, "SeededRows"]:
        """What each table held when it was seeded, before any of the learner's migrations."""


@dataclass(frozen=True, slots=True)
class SeededRows:
    """One table as the seed filled it."""

    columns: tuple[str, ...]
    last_id: int
    count: int
    checksum: int
    by_column: Mapping[str, int] = field(
        default_factory=dict
    )  # where columns may change one by one


class Kata(Protocol):
    """A kata states what is asked of the site, what must come back, and what must still hold."""

    folder: "Path"

    def prepare(self, site_db: "psycopg.Connection[tuple[Any, ...]]", rng: Random) -> None:
        """Vary the data with the plan's seed, before the app starts."""

    def warm_up(self) -> str | Step:
        """What is asked for before the burst, and alone for the service time: a path, or a step.

        It is called for each such request.
        """

    def begin(self, site: Site) -> None:
        """Note whatever the checks need from the time before the burst."""

    def flows(self, rng: Random) -> Sequence[Flow]:
        """The load: the flow of the SLI's journey, and what goes on beside it."""

    def wrong_answers(self, burst: Burst) -> Mapping[tuple[int, int], Wrong]:
        """The (journey, step) of each answer that came and was not right.

        An answer that was bad by its status may be in it for the report's sake: then the report
        tells what was expected.
        """

    def checks(
        self, burst: Burst, wrong: Mapping[tuple[int, int], Wrong], site: Site
    ) -> Sequence[Callable[[], CheckResult]]:
        """Checks on the site as the burst left it; each is called once, in this order."""

    def checks_after_restart(self, burst: Burst, site: Site) -> Sequence[Callable[[], CheckResult]]:
        """Checks on the site after its app was started anew."""

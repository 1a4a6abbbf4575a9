"""What a kata states and what it is given: the seam between the katas and the machinery. Values.

A run uses one instance of a kata, and calls its parts in this order, none of them during
the burst.

    prepare               once, before the app starts, on the site's own copy of the database, to
                          which the app's migrations are applied already. May read and write it.
    warm_up               once for each request before the burst, from several threads at once.
                          Says what to send, and sends nothing itself.
    flows                 once. Plans the load from `rng` alone, so that a seed gives the same load
                          again: no site, no database, no clock. The flows' own functions are
                          called right after it.
    begin                 once, with the app running and its metrics read for `burst.before`. May
                          read the database. A request to the app would be counted with the burst.
      (the burst)
    wrong_answers         once. Judges the answers from the burst alone: no site, no database.
    checks                once. Hands over functions, which are called in their order, also after
                          one has failed. They may use the site and its database, and may wait.
      (a restart: the app is killed and started anew. It and what follows are left out if an
      objective is missed.)
    checks_after_restart  once. Like `checks`.

`./run dojo up` calls `prepare`, `warm_up` and `flows` alone: `prepare` for each new database, which
all katas share there, and the flows' functions for as long as the site runs.

A psycopg error about the shape of the shop's tables, in `prepare`, `begin` or a check, is blamed on
the learner's migrations. Any other exception is the grader's own fault.
"""

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
    """All that the load saw, for a kata to compare with what must be."""

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
        """The site's database as a superuser, not through the app's proxy; autocommit."""

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
    by_column: Mapping[str, int] = field(default_factory=dict)  # checksums of single columns


class Kata(Protocol):
    """A kata states what the load does, what must come back, and what must hold afterwards.

    The order of the calls, and what each part may touch, stands at the top of this module.
    """

    folder: "Path"  # with its slo.yaml, README.md and hints.md

    def prepare(self, site_db: "psycopg.Connection[tuple[Any, ...]]", rng: Random) -> None:
        """Vary the data with the plan's seed, before the app starts."""

    def warm_up(self) -> str | Step:
        """A request as it is sent before the burst, and alone for the service time.

        A path means GET; anything else is a step.
        """

    def begin(self, site: Site) -> None:
        """Note what the checks will compare with: counts from before the burst."""

    def flows(self, rng: Random) -> Sequence[Flow]:
        """The load: the flow of the SLI's journey, and what goes on beside it."""

    def wrong_answers(self, burst: Burst) -> Mapping[tuple[int, int], Wrong]:
        """The (journey, step) of each answer that came and was not right.

        An answer whose status was bad already may be in it, too: then the report can say what was
        expected.
        """

    def checks(
        self, burst: Burst, wrong: Mapping[tuple[int, int], Wrong], site: Site
    ) -> Sequence[Callable[[], CheckResult]]:
        """Checks on the site as the burst left it. `wrong` is what `wrong_answers` gave."""

    def checks_after_restart(self, burst: Burst, site: Site) -> Sequence[Callable[[], CheckResult]]:
        """Checks on the site after its app was started anew."""

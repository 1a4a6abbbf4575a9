"""What a kata states and what it is given: the seam between the katas and the machinery. Values.

A run uses one instance of a kata, and calls its parts in this order, none of them during
a burst.

    checks                at any time, also of an instance that was made with no arguments and is
                          never prepared. Values: their names are known without a run.
    prepare               once, before the app starts, on the site's own copy of the database, to
                          which the app's migrations are applied already. May read and write it.
    warm_up               once for each request before the burst, from several threads at once.
                          Says what to send, and sends nothing itself.
    before_load           once, when the app is warmed up, of a kata that has it: see HasRegulars.
                          May use the site as visitors do who come before the load, and log in.
    lone_journey          a few times after that, of a kata that has it: see HasLoneJourney.
    load                  once. Says who comes; the plan is drawn from it and a seed alone, so that
                          a seed gives the same load again: no site, no database, no clock. Its
                          functions are called right after it.
      (the tables that checks name in `counts` are counted, and the app's metrics read)
      (a burst; meanwhile the grader sends the statements of Load.sql to the database itself, each
      at its moment, so that facts change behind the app's back. What follows may come again, after
      up to three bursts)
    wrong_answers         once after each burst. Judges the answers that are new, from the burst
                          alone: no site, no database. See Burst.
      (the checks that are not `after_restart` run in their order, also after one has failed.
      They may use the site and its database, and may wait.)
      (a restart: the app is killed and started anew. It and what follows are left out if an
      objective is missed. Then the checks that are `after_restart`.)

`./run dojo up` calls `prepare`, `warm_up`, `before_load` and `load` alone: `prepare` for each new
database, which all katas share there, `before_load` for each start of the app, and the load's
functions for as long as the site runs; nothing changes behind the app's back there.
`./run dojo export k6` calls `portable_load` alone: see dojo/kata/portable_load.py.

A psycopg error about the shape of the shop's tables, in `prepare` or a check, is blamed on
the learner's migrations. Any other exception is the grader's own fault.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from dojo.kata.burst import Burst, Wrong
from dojo.load.plan import Journey, Load, Step

if TYPE_CHECKING:  # a value loads no client
    from pathlib import Path

    import httpx
    import psycopg

__all__ = [
    "COMMON_CHECKS",
    "Check",
    "Evidence",
    "Finding",
    "HasLoneJourney",
    "HasRegulars",
    "Judged",
    "Kata",
    "ServiceTime",
    "Site",
]

WARM_UP_LOADS = 4
# What dojo.attempt checks in every kata besides the kata's own checks. Each has a cheat in a kata.
COMMON_CHECKS = (
    "restarts",  # killed, the app comes up again on the same data
    "durations_agree",  # /metrics tells how long a request took
    "tables_logged",  # no table is UNLOGGED, so that what was acknowledged outlives a crash
    "distance_kept",  # the app reaches Postgres over the distance alone
    "grader_untouched",  # the app has changed no file that judges it
)
LEAST_JUDGED = 0.1  # of what a whole burst brings: a pass on less says nothing
STOPPED_EARLY = "The burst was stopped early, so too little came to be judged."
HARDLY_ANY = "Hardly any answer came, so too little could be judged."


class TimeLimit(Protocol):
    """A limit that grows by what other programs take from the app meanwhile."""

    @property
    def is_over(self) -> bool:
        """Whether more time has passed than the limit and what was taken."""


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

    def app_failure(self, request_id: str) -> str:
        """What the app logged about a request of the `http` client's that failed, in a line.

        "" if it logged nothing. A request has its id in the header X-Request-ID.
        """

    def time_limit(self, length_s: float) -> AbstractContextManager[TimeLimit]:
        """For a check that waits for the app: a limit from the beginning of the block on."""


@dataclass(frozen=True, slots=True)
class SeededRows:
    """One table as the seed filled it."""

    columns: tuple[str, ...]
    last_id: int
    count: int
    checksum: int
    by_column: Mapping[str, int] = field(default_factory=dict)  # checksums of single columns


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, in a sentence that says also what must be."""

    passed: bool | None  # None: not checked, since too little came that could be judged
    detail: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a run left for the checks: its bursts, and the site as it is now."""

    burst: Burst
    wrong: Mapping[tuple[int, int], Wrong]  # by (journey, step): what `wrong_answers` gave so far
    site: Site
    rows_before: Mapping[str, int]  # of the tables in Check.counts, before the first burst
    stopped_early: bool = False  # the last burst, since an objective was certainly missed

    def weighed(self, finding: Finding, judged: int, planned: int) -> Finding:
        """The finding, unless it is a pass on next to nothing.

        It rests on `judged` of the `planned` things that a burst without a flaw would have brought.
        """
        if finding.passed and judged < max(1, LEAST_JUDGED * planned):
            return Finding(None, STOPPED_EARLY if self.stopped_early else HARDLY_ANY)
        return finding


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold after a run, whatever the objectives say.

    `run` gives None if nothing came that could be judged. Then it is reported as not checked; where
    all objectives are met it has failed, since no green run has an unchecked check.
    `Evidence.weighed` does the same to a pass that rests on next to nothing. A site that breaks off
    an answer while it runs (httpx.HTTPError) fails the check. It must do with the verdicts on
    pages, not with their bodies: see Burst.
    """

    name: str
    run: Callable[[Evidence], Finding | None]
    after_restart: bool = False
    counts: tuple[str, ...] = ()  # tables of the shop whose rows are counted before the first burst


class Kata(Protocol):
    """A kata states what the load does, what must come back, and what must hold afterwards.

    The order of the calls, and what each part may touch, stands at the top of this module.
    """

    folder: "Path"  # with its slo.yaml, README.md and .meta

    @property
    def checks(self) -> Sequence[Check]:
        """What must hold on the site as the bursts left it, and after its app was started anew."""

    def prepare(self, site_db: "psycopg.Connection[tuple[Any, ...]]", rng: Random) -> None:
        """Vary the data with the plan's seed, before the app starts."""

    def warm_up(self) -> str | Step:
        """A request as it is sent before the burst, and alone for the service time.

        A path means GET; anything else is a step.
        """

    def load(self) -> Load:
        """The SLI's journey, whose name and rate stand in slo.yaml, and what goes on beside it."""

    def wrong_answers(self, burst: Burst) -> Mapping[tuple[int, int], Wrong]:
        """The (journey, step) of each unjudged answer that came and was not right.

        What such an answer must show depends on the writes of all bursts so far. An answer whose
        status was bad already may be in it, too: then the report can say what was expected.
        """


@runtime_checkable
class HasRegulars(Protocol):
    """A kata some of whose visitors were on the site before the load."""

    def before_load(self, site: Site) -> None:
        """What they did then; they logged in, perhaps.

        A site that gives no answer (httpx.HTTPError) ends it; the load will show why.
        """


@runtime_checkable
class HasLoneJourney(Protocol):
    """A kata whose event is a journey of several steps that can be made without harm beforehand."""

    def lone_journey(self) -> Journey:
        """The journey of most visitors, its steps named as in the load.

        It is made a few times before the load, alone, instead of the request of `warm_up`: so the
        service time is the journey's. It may write nothing that a check would take for the load's.
        """


class ServiceTime(Protocol):
    """What a kata's test gets as `service_time`: the plugin's measurement of one request."""

    def measure(self) -> None:
        """Send the kata's request a few times, alone; it is measured and never graded."""


class Judged(Protocol):
    """What a kata's test gets as `judged`: the outcome of the plugin's run."""

    def require_met(self) -> None:
        """Pass if the SLO is met and every check holds; else fail, and say where to look."""

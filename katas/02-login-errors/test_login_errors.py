"""Kata 02: log-ins fail. Read README.md beside this file, then edit app/."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from dojo import (
    Burst,
    CheckResult,
    Exposition,
    Flow,
    Judged,
    ServiceTime,
    Site,
    Step,
    Wrong,
    metrics_agree,
    reached,
    seed_intact,
)
from katas.shop import accounts, sessions, tokens, tour
from katas.shop.log_ins import LogInFlow, credentials, is_welcome, told_wrong, visits
from katas.shop.orders import order_journey, orders_of
from katas.shop.people import People, Person
from seed.answers import Catalog

LOG_INS, ORDERS = "log_in", "order"
PRODUCTS = range(1, 1001)  # what newcomers buy
WARM_UPS = 8  # customers of their own, so that they meet nobody of the load
MAY_CHANGE = {"customers": ("password_hash",)}  # credentials_kept judges it


@dataclass
class FailingLogIns:
    """Customers log in, look who they are and log out; others mistype, and newcomers buy."""

    folder: Path = Path(__file__).parent
    catalog: Catalog = field(default_factory=Catalog)
    people: People = field(default_factory=lambda: People((), (), (), ()))
    early: tuple[Person, ...] = ()
    sessions_before: int = 0
    _next_early: Iterator[Person] = field(default_factory=lambda: iter(()))

    def prepare(self, site_db: "psycopg.Connection[tuple[Any, ...]]", rng: Random) -> None:
        """Choose who logs in."""
        drawn = People.draw(rng)
        self.early, modern = drawn.modern[:WARM_UPS], drawn.modern[WARM_UPS:]
        self.people = People(modern, drawn.legacy, drawn.mixed_case, drawn.shared)
        self._next_early = cycle(self.early)

    def warm_up(self) -> Step:
        person = next(self._next_early)
        headers, body = credentials(person.email, person.password, as_json=True)
        return Step("log in", "POST", "/login", headers, body)

    def begin(self, site: Site) -> None:
        self.sessions_before = sessions.count_sessions(site)

    def flows(self, rng: Random) -> Sequence[Flow]:
        return (
            Flow(LOG_INS, 80, LogInFlow(LOG_INS, self.people).make),
            Flow(ORDERS, 1, lambda one: order_journey(ORDERS, one, PRODUCTS)),
        )

    def wrong_answers(self, burst: Burst) -> Mapping[tuple[int, int], Wrong]:
        found = {}
        for sample in burst.samples:
            journey = burst.plan.journeys[sample.journey]
            if journey.name == LOG_INS:
                step = journey.steps[sample.step].name
                if wrong := told_wrong(sample, step, journey.expect):
                    found[sample.journey, sample.step] = wrong
        return found

    def checks(
        self, burst: Burst, wrong: Mapping[tuple[int, int], Wrong], site: Site
    ) -> Sequence[Callable[[], CheckResult]]:
        seen = visits(burst, LOG_INS)
        asked = [
            sample
            for visit in seen
            for step, sample in visit.samples.items()
            if step.startswith("log in")
        ]
        welcomed = sum(is_welcome(sample) for sample in asked)
        observed = _welcomes(burst.after) - _welcomes(burst.before)
        bought = {
            journey.expect["customer"]["email"]: journey.expect["customer"]["password"]
            for journey, samples in orders_of(burst, ORDERS)
            if "buy" in samples and samples["buy"].cause is None
        }
        of_log_ins: tuple[Callable[[], CheckResult], ...] = (
            lambda: sessions.log_ins_right(seen),
            lambda: accounts.refusals_alike(seen),
            lambda: tokens.tokens_unguessable(seen),
            lambda: sessions.sessions_kept(
                seen, self.sessions_before, sessions.count_sessions(site)
            ),
        )
        return (
            *(of_log_ins if welcomed else ()),  # if nobody got in there is nothing to judge
            lambda: accounts.credentials_kept(seen, self.early, bought, site),
            lambda: metrics_agree(
                "POST /login", observed, welcomed, len(asked), status="200 or 303"
            ),
            lambda: seed_intact(site, but=MAY_CHANGE),
        )

    def checks_after_restart(self, burst: Burst, site: Site) -> Sequence[Callable[[], CheckResult]]:
        seen = visits(burst, LOG_INS)
        several = (self.early[0], self.people.shared[0], self.people.mixed_case[0])
        return (
            reached("survives_restart", lambda: sessions.survives_restart(seen, site)),
            reached("two_sessions", lambda: sessions.two_sessions(several, site)),
            reached("wrong_refused", lambda: accounts.wrong_refused(self.people, site)),
            reached("bad_input_refused", lambda: accounts.bad_input_refused(self.early[0], site)),
            lambda: tour.site_works(self.catalog, self.catalog.window_candidates[:2], site),
        )


def _welcomes(seen: Exposition) -> float:
    """Log-ins that the app counts as good."""
    return sum(
        seen.total(
            "http_server_request_duration_seconds_count",
            http_request_method="POST",
            http_route="/login",
            http_response_status_code=status,
        )
        for status in ("200", "303")
    )


@pytest.fixture(scope="module")
def kata() -> FailingLogIns:
    return FailingLogIns()


def test_service_time(service_time: ServiceTime) -> None:
    """One log-in with nobody else on the site: measured, compared, never graded."""
    service_time.measure()


def test_log_ins_meet_the_slo(judged: Judged) -> None:
    """99% of log-ins within a second, and the site still does its job."""
    judged.require_met()

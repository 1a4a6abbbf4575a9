"""Kata 02: log-ins fail. Read README.md beside this file, then edit app/."""

from pathlib import Path
from random import Random

import psycopg

from dojo import Burst, Check, Judged, Load, ServiceTime, Step, Wrong, metrics_agree, seed_intact
from katas.shop.checks import log_ins, site_walk
from katas.shop.expected import answers
from katas.shop.expected.log_ins import judge_answer
from katas.shop.scenarios import orders, people, portable
from katas.shop.scenarios.log_ins import LogInJourneys, log_in_beforehand, lone_log_in


class FailingLogIns:
    """Customers log in, look who they are and log out; others mistype, and newcomers buy."""

    folder = Path(__file__).parent

    def __init__(self) -> None:
        self.who = who = people.Visitors()
        self.portable_load, self.lone_journey = portable.log_in_load, lambda: lone_log_in(who)
        lives = log_ins.SessionLives()
        self.checks = (
            Check("let_in_as_themselves", log_ins.let_in_as_themselves),
            Check("refusals_alike", log_ins.refusals_alike),
            Check("tokens_unguessable", log_ins.tokens_unguessable),
            Check("sessions_kept", log_ins.sessions_kept, counts=("sessions",)),
            Check("sessions_go_on", log_ins.sessions_go_on(lives)),
            Check("credentials_kept", log_ins.credentials_kept(who)),
            metrics_agree("/login", "POST", (200, 303)),
            seed_intact(may_change={"customers": ("password_hash",)}),  # credentials_kept judges it
            *log_ins.after_the_load(who, lives),
            Check("site_works", site_walk.site_works(), after_restart=True),
            log_ins.goes_on_answering(who),
        )

    def prepare(self, site_db: psycopg.Connection, rng: Random) -> None:
        self.who.draw(rng)

    def warm_up(self) -> Step:
        return log_in_beforehand(self.who)

    def load(self) -> Load:
        return Load(LogInJourneys(self.who.people).make, (orders.orders_flow(1, range(1, 1001)),))

    def wrong_answers(self, burst: Burst) -> dict[tuple[int, int], Wrong]:
        return answers.wrong_answers(burst, {burst.journey: judge_answer})


def test_service_time(service_time: ServiceTime) -> None:
    """One log-in with nobody else on the site: measured, compared, never graded."""
    service_time.measure()


def test_log_ins_meet_the_slo(judged: Judged) -> None:
    """99% of log-ins within a second, and the site still does its job."""
    judged.require_met()

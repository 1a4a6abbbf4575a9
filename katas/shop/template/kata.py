"""Kata $number: $title. Read README.md beside this file, then edit app/."""

from pathlib import Path
from random import Random

import psycopg

from dojo import Burst, Check, Judged, Load, ServiceTime, Wrong
from katas.shop.checks import pages
from katas.shop.expected import answers, home_page
from katas.shop.scenarios import shop_window


class NewKata:
    """Visitors load `/`, and nobody does anything beside it."""

    folder = Path(__file__).parent

    def __init__(self) -> None:
        self.window = shop_window.ShopWindow()
        self.checks = (Check("pages_right", pages.answers_right("pages", "home")),)

    def prepare(self, site_db: psycopg.Connection, rng: Random) -> None:
        """Vary the shop's data, so that no answer can be written down in advance."""
        self.window.draw(site_db, rng)

    def warm_up(self) -> str:
        """What is loaded before the burst, and alone for the service time."""
        return "/"

    def load(self) -> Load:
        """The journeys of the SLI, whose rate stands in slo.yaml, and nothing beside them."""
        return Load(shop_window.load_home_page)

    def wrong_answers(self, burst: Burst) -> dict[tuple[int, int], Wrong]:
        """Each page that does not show what the shop's data imply."""
        page = home_page.home_page(self.window, burst)
        return answers.wrong_answers(burst, {burst.journey: page.judge_answer})


def test_service_time(service_time: ServiceTime) -> None:
    """One page load with nobody else on the site: measured, compared, never graded."""
    service_time.measure()


def test_page_loads_meet_the_slo(judged: Judged) -> None:
    """The objectives of slo.yaml are met, and the site still does its job."""
    judged.require_met()

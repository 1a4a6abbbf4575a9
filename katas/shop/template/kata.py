"""Kata $number: $title. Read README.md beside this file, then edit app/."""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from dojo import Burst, Check, Judged, Load, ServiceTime, Wrong
from katas.shop.checks.pages import answers_right
from katas.shop.expected.answers import wrong_answers
from katas.shop.expected.home_page import HomePage
from katas.shop.scenarios.shop_window import ShopWindow, load_home_page


class NewKata:
    """Visitors load `/`, and nobody does anything beside it."""

    folder = Path(__file__).parent

    def __init__(self) -> None:
        self.window = ShopWindow()

    def prepare(self, site_db: "psycopg.Connection[tuple[Any, ...]]", rng: Random) -> None:
        """Vary the shop's data, so that no answer can be written down in advance."""
        self.window.draw(site_db, rng)

    def warm_up(self) -> str:
        return "/"

    def load(self) -> Load:
        """Who comes; name and rate stand in slo.yaml."""
        return Load(load_home_page)

    def wrong_answers(self, burst: Burst) -> Mapping[tuple[int, int], Wrong]:
        page = HomePage.of(self.window, burst)
        return wrong_answers(burst, {burst.journey: page.judge_answer})

    @property
    def checks(self) -> tuple[Check, ...]:
        return (Check("pages_right", answers_right("pages", "home")),)


@pytest.fixture(scope="module")
def kata() -> NewKata:
    return NewKata()


def test_service_time(service_time: ServiceTime) -> None:
    """One page load with nobody else on the site: measured, compared, never graded."""
    service_time.measure()


def test_page_loads_meet_the_slo(judged: Judged) -> None:
    """The objectives of slo.yaml are met, and the site still does its job."""
    judged.require_met()

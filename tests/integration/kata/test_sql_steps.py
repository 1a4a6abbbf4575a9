"""What the grader does to a shop's database during a burst, on Postgres."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pytest

from dojo.attempt.sql_steps import sql_sender
from dojo.errors import AppFault, AppHung, MigrationFailed
from dojo.kata.checks import seed_finding, seeded_rows
from dojo.kata.contract import SeededRows
from dojo.load.plan import SqlStep
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from katas.shop.scenarios.behind_the_back import (
    AddedReview,
    Fact,
    fact_step,
    place_step,
    review_step,
    stock_step,
)
from seed.answers import Catalog
from tests.support.postgres import SEEDED

NAME = "dojo_test_sql_steps"
LAMP = {
    "sku": "N-1",
    "name": "Lamp",
    "description": "It shines.",
    "color": "red",
    "weight_g": 100,
    "price": 3,
    "seller": 2,
}


@dataclass
class Seeded:
    """As checks see a site."""

    dsn: str
    db: "psycopg.Connection[tuple[Any, ...]]"
    seeded_rows: dict[str, SeededRows]


@pytest.fixture
def site(seeded_server: Server) -> Iterator[Seeded]:
    databases = Databases(seeded_server)
    databases.clone(SEEDED, NAME)
    try:
        dsn = seeded_server.dsn(NAME)
        with psycopg.connect(dsn, autocommit=True) as db:
            yield Seeded(dsn, db, seeded_rows(db, ("products", "sellers", "customers")))
    finally:
        databases.drop(NAME)


def steps_of_all_kinds() -> list[SqlStep]:
    catalog = Catalog()
    facts = catalog.product(700)
    return [
        fact_step(
            Fact.PRICE, {700: 1000, 701: 1001}, {i: catalog.product(i).price for i in (700, 701)}
        ),
        fact_step(Fact.PRICE, {700: 2000}, {700: 1000}),
        fact_step(Fact.NAME, {700: "A new name"}, {700: facts.name}),
        fact_step(Fact.SELLER, {2: "Other Brothers"}, {2: facts.seller_name}),
        place_step(1, 249_000),
        stock_step([LAMP, {**LAMP, "sku": "N-2", "color": "blue"}]),
        review_step([AddedReview(60, "Ann", 3, 4, "Good."), AddedReview(61, "Bob", 4, 1, "Bad.")]),
    ]


def test_every_kind_of_change_is_made_and_the_seed_is_still_known(site: Seeded) -> None:
    """Facts move, rows come, and with what the grader did taken back the seed is as it was."""
    with sql_sender(site.dsn, steps_of_all_kinds()) as sender:
        began_at_s = time.monotonic()
        sender.begin()
        wait_for(sender, 7)
    answers = sender.answers(began_at_s)
    price, name = (
        site.db.execute("SELECT price, name FROM products WHERE id = 700").fetchone() or ()
    )
    assert (price, name) == (2000, "A new name")
    assert [sku for _, sku in answers[5].rows] == ["N-1", "N-2"]
    assert {row[:2] for row in answers[6].rows} == {(3, 60), (4, 61)}
    assert all(0 <= each.sent_s <= each.done_s < 30 for each in answers)
    assert seed_finding(site, {}, answers).passed  # type: ignore[arg-type]
    assert not seed_finding(site, {}, answers[1:]).passed  # type: ignore[arg-type]
    site.db.execute("UPDATE products SET weight_g = weight_g + 1 WHERE id = 700")
    assert not seed_finding(site, {}, answers).passed  # type: ignore[arg-type]


def test_an_address_may_come_to_be_kept_in_lower_case(site: Seeded) -> None:
    """It is the same address; another one is not."""
    site.db.execute("UPDATE customers SET email = lower(email)")
    assert seed_finding(site, {}).passed  # type: ignore[arg-type]
    site.db.execute("UPDATE customers SET email = 'x' || email WHERE id = 7")
    assert not seed_finding(site, {}).passed  # type: ignore[arg-type]


def test_a_step_waits_for_its_moment(site: Seeded) -> None:
    """What is due later is not sent once the burst is over."""
    step = SqlStep("count", "SELECT 1")
    with sql_sender(site.dsn, [step, replace(step, at_s=0.2), replace(step, at_s=60)]) as sender:
        began_at_s = time.monotonic()
        sender.begin()
        wait_for(sender, 2)
    first, second = sender.answers(began_at_s)
    assert first.sent_s < 0.2 <= second.sent_s
    assert second.rows == ((1,),)


def test_a_shop_that_no_longer_takes_it_is_at_fault(
    site: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column that is gone is the migration's fault, a lock that stays the app's."""
    monkeypatch.setattr("dojo.attempt.sql_steps.LOCK_WAIT_S", 0.1)
    reprice = fact_step(Fact.PRICE, {700: 1000}, {700: 1})
    with sql_sender(site.dsn, [replace(reprice, sql="UPDATE products SET cost = 1")]) as sender:
        sender.begin()
        wait_for(sender, 0)
    with pytest.raises(MigrationFailed, match="cost"):
        sender.answers(0.0)
    with psycopg.connect(site.dsn) as app, sql_sender(site.dsn, [reprice]) as sender:
        app.execute("LOCK TABLE products")
        sender.begin()
        wait_for(sender, 0)
    with pytest.raises(AppFault, match="could not change prices"):
        sender.answers(0.0)


def test_a_trigger_that_never_ends_is_at_fault(site: Seeded) -> None:
    """What a migration has left in the database holds the grader for no longer than is allowed."""
    site.db.execute(
        "CREATE FUNCTION sleepy() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN PERFORM pg_sleep(600); RETURN NEW; END'"
    )
    site.db.execute(
        "CREATE TRIGGER sleepy BEFORE UPDATE ON products FOR EACH ROW EXECUTE FUNCTION sleepy()"
    )
    reprice = fact_step(Fact.PRICE, {700: 1000}, {700: 1})
    with sql_sender(site.dsn, [reprice], statement_s=0.2) as sender:
        sender.begin()
        wait_for(sender, 0)
    with pytest.raises(AppHung, match="statement timeout"):
        sender.answers(0.0)


def wait_for(sender: Any, count: int) -> None:
    """Until so many were sent, or it failed."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if sender._failure is not None or (count and len(sender._answers) >= count):
            return
        time.sleep(0.01)
    raise AssertionError(f"{len(sender._answers)} of {count} were sent")

"""The shipped app is slow at searching and keeps the rest of the kata's contract to the letter."""

from collections.abc import Iterator
from random import Random

import httpx
import psycopg
import pytest

from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from dojo.site.app_process import AppProcess
from katas.shop.expected.seeded import SeededSearch
from tests.support.postgres import SEEDED
from tests.support.project import ROOT
from tests.support.searchable_shop import SmallSearches, findings_of
from tests.support.shop_shelf import small_shop


@pytest.fixture
def small_dsn(seeded_server: Server) -> Iterator[str]:
    """A clone of the database SEEDED with the products of the first seller alone."""
    name = "dojo_small_shop"
    Databases(seeded_server).clone(SEEDED, name)
    try:
        with psycopg.connect(seeded_server.dsn(name), autocommit=True) as db:
            db.execute("SET session_replication_role = replica")  # what refers to them may stay
            db.execute("DELETE FROM products WHERE seller_id > 1")
            db.execute("VACUUM ANALYZE products")
        yield seeded_server.dsn(name)
    finally:
        Databases(seeded_server).drop(name)


def test_the_shipped_app_finds_what_the_contract_says(small_dsn: str) -> None:
    """Every search that a run makes for the contract's sake, on a shop that is small enough."""
    shelf, index = small_shop(1)
    url = psycopg.conninfo.make_conninfo(small_dsn, user="shop", password="shop")
    with psycopg.connect(small_dsn, autocommit=True) as db:
        searches = SmallSearches(SeededSearch(index, shelf), db, Random(1))
    with (
        AppProcess.start(ROOT / "app", url) as app,
        httpx.Client(base_url=app.base_url, timeout=30) as http,
    ):
        for name, finding in findings_of(searches, http).items():
            assert finding.passed, f"{name}: {finding.detail}"

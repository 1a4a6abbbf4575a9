"""A running shop with the whole dataset, for the tests that use it as people or programs do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from dojo.postgres.janitor import Databases
from dojo.postgres.migrations import apply, migration_files
from dojo.postgres.server import Server
from dojo.site.app_process import AppProcess
from seed import dataset
from seed.seller import CUSTOMERS_EACH, email_of, has_mixed_case, is_legacy, make_seller
from tests.support.postgres import SEEDED
from tests.support.project import ROOT

__all__ = ["Shop", "open_shop"]


@dataclass(slots=True)
class Shop:
    """The app, its database as a superuser sees it, and what its window shows."""

    app: AppProcess
    admin_dsn: str
    window: tuple[int, ...]
    taken: int = 100  # customers up to here are for tests that name them

    def name(self, customer: int) -> str:
        """What a customer is called."""
        seller, place = divmod(customer - 1, CUSTOMERS_EACH)
        return make_seller(seller + 1).customers[place]

    def email(self, customer: int) -> str:
        """What a customer types."""
        return email_of(customer, self.name(customer))

    def password(self, customer: int) -> str:
        """The same."""
        return dataset.password(customer)

    def unreviewed(self) -> tuple[int, int, int]:
        """(customer, purchase, product) of one whose review was deleted, each time another."""
        self.taken += 1
        while is_legacy(self.taken) or has_mixed_case(self.taken):
            self.taken += 1
        with psycopg.connect(self.admin_dsn, autocommit=True) as db:
            row = db.execute(
                "DELETE FROM reviews WHERE id = (SELECT max(id) FROM reviews"
                " WHERE customer_id = %s) RETURNING purchase_id, product_id",
                (self.taken,),
            ).fetchone()
        assert row is not None
        return self.taken, row[0], row[1]


@contextmanager
def open_shop(server: Server, name: str) -> Iterator[Shop]:
    """The app on a clone of the server's database SEEDED, called `name`, with all migrations."""
    databases = Databases(server)
    databases.clone(SEEDED, name)
    try:
        url = server.app_dsn(name)
        apply(url, migration_files(ROOT / "app" / "migrations")[1:])
        with psycopg.connect(server.dsn(name), autocommit=True) as db:
            rows = db.execute("SELECT product_id FROM shop_window ORDER BY place").fetchall()
        with AppProcess.start(ROOT / "app", url) as app:
            yield Shop(app, server.dsn(name), tuple(product for (product,) in rows))
    finally:
        databases.drop(name)

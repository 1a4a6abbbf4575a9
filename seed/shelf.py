"""Every product and review as pages show them, made once by the generator and kept on disk.

The catalog makes a seller again for each question about them, which is right for a few sellers. A
page of search results shows twenty of them: for that, what they all sell lies ready here, in a
file that is read by id.
"""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from seed.answers import ProductFacts, ReviewFacts
from seed.dataset import fingerprint
from seed.seller import COLORS, SELLERS, SellerShop, make_seller, written_at
from seed.stored import drop_old

__all__ = ["Shelf", "ShelfProduct", "ShelfReview"]

SCHEMA = """
CREATE TABLE sellers (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, description TEXT, price INTEGER, sku TEXT,
    seller INTEGER, color INTEGER, reviews INTEGER, stars INTEGER);
CREATE TABLE reviews (product INTEGER, id INTEGER, customer INTEGER, author TEXT, written INTEGER,
    stars INTEGER, body TEXT, PRIMARY KEY (product, id)) WITHOUT ROWID;
"""
PRODUCT = (
    "SELECT products.id, products.name, description, price, sku, sellers.name,"
    " color, reviews, stars FROM products JOIN sellers ON sellers.id = seller"
)


@dataclass(frozen=True, slots=True)
class ShelfProduct:
    """A product, and the sum of what is said about it."""

    facts: ProductFacts
    review_count: int
    stars: int  # of all its reviews together


@dataclass(frozen=True, slots=True)
class ShelfReview:
    """A review, and how many its author has written in all."""

    facts: ReviewFacts
    author_reviews: int


class Shelf:
    """Answers by id, some ten thousand in a second; what was asked once is remembered."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._products: dict[int, ShelfProduct] = {}
        self._reviews: dict[int, tuple[ShelfReview, ...]] = {}

    @classmethod
    def kept(cls, folder: Path, say: Callable[[str], None] = lambda _: None) -> "Shelf":
        """The shelf of this dataset, filled once in some seconds and kept in the folder.

        OSError if it can't be written.
        """
        path = folder / f"shelf-{fingerprint()[:12]}.sqlite"
        if not path.is_file():
            say("Writing down what the shop's pages must show: once, some seconds.")
            folder.mkdir(parents=True, exist_ok=True)
            drop_old(folder, "shelf-*")
            unfinished = path.with_suffix(f".{os.getpid()}")
            unfinished.unlink(missing_ok=True)
            try:
                with closing(sqlite3.connect(unfinished)) as db:
                    fill(db, map(make_seller, range(1, SELLERS + 1)))
            except sqlite3.OperationalError as error:
                unfinished.unlink(missing_ok=True)
                if "disk is full" in str(error):
                    full = errno.ENOSPC
                    raise OSError(full, os.strerror(full), str(folder)) from error
                raise
            unfinished.replace(path)
        return cls(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def product(self, product: int) -> ShelfProduct:
        """One product; KeyError if it isn't of the seed."""
        found = self._products.get(product)
        if found is None:
            row = self._db.execute(f"{PRODUCT} WHERE products.id = ?", (product,)).fetchone()
            if row is None:
                raise KeyError(product)
            known, name, description, price, sku, seller, color, reviews, stars = row
            facts = ProductFacts(known, name, description, price, sku, seller, COLORS[color - 1])
            found = ShelfProduct(facts, reviews, stars)
            self._products[product] = found
        return found

    def seller_name(self, seller: int) -> str:
        """The name of a seller."""
        (name,) = self._db.execute("SELECT name FROM sellers WHERE id = ?", (seller,)).fetchone()
        return str(name)

    def reviews_of(self, product: int) -> tuple[ShelfReview, ...]:
        """All seeded reviews of a product, the latest first."""
        found = self._reviews.get(product)
        if found is None:
            rows = self._db.execute(
                "SELECT id, product, customer, author, stars, body, written FROM reviews"
                " WHERE product = ?",
                (product,),
            ).fetchall()
            seen = [
                ShelfReview(
                    ReviewFacts(review, product, customer, author, stars, body, written_at(review)),
                    written,
                )
                for review, product, customer, author, stars, body, written in rows
            ]
            seen.sort(key=lambda one: (one.facts.written_at, one.facts.id), reverse=True)
            found = self._reviews[product] = tuple(seen)
        return found

    def most_reviewed(self, most: int) -> list[int]:
        """The ids of the products with the most reviews, those of the most first."""
        rows = self._db.execute(
            "SELECT id FROM products ORDER BY reviews DESC, id LIMIT ?", (most,)
        ).fetchall()
        return [product for (product,) in rows]

    def described(self) -> Iterator[tuple[int, str, str, int]]:
        """(id, name, description, price) of every product, by id."""
        yield from self._db.execute("SELECT id, name, description, price FROM products ORDER BY id")


def fill(db: sqlite3.Connection, shops: Iterable[SellerShop]) -> None:
    """Put everything of these sellers on the shelf."""
    db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
    put = partial(_put, db)
    with db:
        for shop in shops:
            counts: dict[int, list[int]] = {}
            wrote: dict[int, int] = {}
            for review in shop.reviews:
                counts.setdefault(review.product_id, []).append(review.stars)
                wrote[review.customer_id] = wrote.get(review.customer_id, 0) + 1
            put("sellers", [(shop.id, shop.name)])
            put(
                "products",
                [
                    (
                        *(one.id, one.name, one.description, one.price, one.sku, shop.id),
                        *(one.color_id, len(stars := counts.get(one.id, [])), sum(stars)),
                    )
                    for one in shop.products
                ],
            )
            put(
                "reviews",
                [
                    (
                        *(one.product_id, one.id, one.customer_id),
                        shop.customers[one.customer_id - shop.first_customer],
                        *(wrote[one.customer_id], one.stars, one.body),
                    )
                    for one in shop.reviews
                ],
            )


def _put(db: sqlite3.Connection, table: str, rows: list[tuple[object, ...]]) -> None:
    marks = ", ".join("?" for _ in rows[0])
    db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

"""A small shop for tests: everything of the first sellers, with an index of it."""

import sqlite3
from functools import cache

from seed.search import SearchIndex
from seed.seller import make_seller
from seed.shelf import Shelf, fill

__all__ = ["small_shop"]


@cache
def small_shop(sellers: int = 3) -> tuple[Shelf, SearchIndex]:
    """500 products for each seller."""
    db = sqlite3.connect(":memory:")
    fill(db, map(make_seller, range(1, sellers + 1)))
    shelf = Shelf(db)
    return shelf, SearchIndex.make(shelf.described())

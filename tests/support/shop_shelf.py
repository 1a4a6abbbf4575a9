"""A small shop for tests: everything of the first three sellers, with an index of it."""

import sqlite3
from functools import cache

from seed.search import SearchIndex
from seed.seller import make_seller
from seed.shelf import Shelf, fill

__all__ = ["small_shop"]


@cache
def small_shop() -> tuple[Shelf, SearchIndex]:
    """1,500 products."""
    db = sqlite3.connect(":memory:")
    fill(db, map(make_seller, (1, 2, 3)))
    shelf = Shelf(db)
    return shelf, SearchIndex.make(shelf.described())

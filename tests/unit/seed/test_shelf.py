"""What every product and review looks like, kept on disk."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from seed.answers import Catalog
from seed.search import SearchIndex
from seed.seller import make_seller
from seed.shelf import Shelf, fill

SHOPS = [make_seller(1), make_seller(2)]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    db = sqlite3.connect(":memory:")
    fill(db, SHOPS)
    return Shelf(db)


def test_products_are_the_catalogs(shelf: Shelf) -> None:
    """Facts agree with the catalog, sums with the reviews."""
    catalog = Catalog()
    for product in range(1, 1001, 37):
        known = shelf.product(product)
        assert known.facts == catalog.product(product)
        reviews = catalog.reviews_of(product)
        assert known.review_count == len(reviews)
        assert known.stars == sum(review.stars for review in reviews)
    assert sum(shelf.product(one).review_count for one in range(1, 1001)) == 600
    assert shelf.seller_name(2) == SHOPS[1].name


def test_reviews_are_the_catalogs(shelf: Shelf) -> None:
    """All reviews of a product, the latest first, each with what its author has written in all."""
    catalog = Catalog()
    popular = max(range(1, 1001), key=lambda one: shelf.product(one).review_count)
    known = shelf.reviews_of(popular)
    expected = sorted(
        catalog.reviews_of(popular), key=lambda one: (one.written_at, one.id), reverse=True
    )
    assert [one.facts for one in known] == expected
    wrote = [review.customer_id for shop in SHOPS for review in shop.reviews]
    assert all(one.author_reviews == wrote.count(one.facts.customer_id) for one in known)


def test_nothing_stands_for_a_product_that_is_not_there(shelf: Shelf) -> None:
    """An id that the seed doesn't have is an error, and never an empty answer."""
    with pytest.raises(KeyError):
        shelf.product(1001)


def test_an_index_can_be_made_of_it(shelf: Shelf) -> None:
    """What is described on the shelf is found by its words."""
    index = SearchIndex.make(shelf.described())
    total, ranks = index.top(["lamp"], 5)
    assert total == index.count("lamp") > 20
    assert [product for *_, product in ranks] == index.find(["lamp"])[:5]
    assert ranks == sorted(ranks)


def test_a_shelf_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is filled once, and opened the next time."""
    monkeypatch.setattr("seed.shelf.SELLERS", 1)
    folder = tmp_path / "new"
    said: list[str] = []
    with closing(Shelf.kept(folder, said.append)) as first:
        assert first.product(500).facts.seller_name == SHOPS[0].name
    monkeypatch.setattr("seed.shelf.fill", None)
    with closing(Shelf.kept(folder, said.append)) as second:
        assert second.product(1).facts.name == SHOPS[0].products[0].name
    assert len(said) == 1


def test_the_shelf_of_another_dataset_makes_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two are kept, and no file that was left half filled."""
    monkeypatch.setattr("seed.shelf.SELLERS", 1)
    for name in ("shelf-of-old.sqlite", "shelf-older.sqlite"):
        (tmp_path / name).write_bytes(b"old")
    (tmp_path / "search-of-old.pickle").write_bytes(b"not ours")
    Shelf.kept(tmp_path).close()
    assert len(list(tmp_path.glob("shelf-*"))) == 2
    assert len(list(tmp_path.iterdir())) == 3


def test_a_full_disk_is_the_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an OSError that says so, and nothing half filled is left."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("seed.shelf.fill", full)
    with pytest.raises(OSError, match="No space left on device"):
        Shelf.kept(tmp_path)
    assert list(tmp_path.iterdir()) == []

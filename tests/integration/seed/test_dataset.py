"""The fixed dataset, its answers, and what Postgres makes of them."""

from pathlib import Path

import psycopg
import pytest

from seed.answers import Catalog
from seed.dataset import Dataset
from seed.search import SearchIndex

CHECKSUM = "a2b840c49ea3570adfd62e8286889ce22bdabdf0c423630b211bbb77a9af3aa7"


@pytest.fixture(scope="module")
def index(cache_dir: Path) -> SearchIndex:
    """The index that the katas use; its file carries the fingerprint of what made it."""
    return SearchIndex.kept(cache_dir)


def columns(dataset: Dataset, table: str, *places: int) -> list[tuple[str, ...]]:
    rows = [line.split("\t") for line in dataset.lines[table]]
    return [tuple(row[place] for place in places) for row in rows]


def test_same_bytes_everywhere(dataset: Dataset) -> None:
    """The dataset is the same on every machine and with every Python."""
    assert dataset.checksum() == CHECKSUM


def test_sizes(dataset: Dataset) -> None:
    """500 sellers with 500 products each, and customers, purchases and reviews to go with them."""
    counts = {table: len(lines) for table, lines in dataset.lines.items()}
    assert counts == {
        "sellers": 500,
        "colors": 10,
        "products": 250_000,
        "customers": 26_000,
        "purchases": 150_000,
        "reviews": 150_000,
        "referrals": 750,
        "shop_window": 24,
    }


def test_each_customer_buys_two_to_ten_products_of_one_seller_once(dataset: Dataset) -> None:
    """A batch of purchases is one new customer's, of one seller, and no product is in it twice."""
    bought: dict[str, list[tuple[str, str]]] = {}
    for customer, product, seller in columns(dataset, "purchases", 1, 2, 3):
        bought.setdefault(customer, []).append((product, seller))
    assert len(bought) == 26_000
    for purchases in bought.values():
        products = [product for product, _ in purchases]
        assert 2 <= len(products) <= 10
        assert len(set(products)) == len(products)
        assert len({seller for _, seller in purchases}) == 1


def test_each_purchase_is_of_its_sellers_product(dataset: Dataset) -> None:
    """Seller and price of a purchase are those of its product."""
    products = {
        product: (seller, price) for product, seller, price in columns(dataset, "products", 0, 1, 7)
    }
    for product, seller, price in columns(dataset, "purchases", 2, 3, 4):
        assert products[product] == (seller, price)


def test_about_half_of_the_referrals_are_accepted(dataset: Dataset) -> None:
    """750 customers refer a seller to a friend."""
    referrals = columns(dataset, "referrals", 1, 5)
    assert len({customer for customer, _ in referrals}) == 750
    accepted = sum(when != r"\N" for _, when in referrals)
    assert 350 <= accepted <= 400


def test_words_are_frequent_and_rare(index: SearchIndex) -> None:
    """Some words are in a tenth of all products and more, others in a few."""
    counts = sorted(len(products) for products in index.texts.values())
    assert counts[0] < 10
    assert counts[-1] > 25_000
    assert sum(3000 <= count <= 8000 for count in counts) >= 40


def test_search_agrees_with_sql(seeded_dsn: str, index: SearchIndex, tmp_path: Path) -> None:
    """The index finds what a plain scan by regular expressions finds, in the stated order."""
    frequent = next(word for word in index.texts if 3000 < index.count(word) < 4000)
    rare = min(index.texts, key=index.count)
    names = index.names
    pair = next(w for w in names if 2000 < index.count(w) < 9000 and w != frequent)
    with psycopg.connect(seeded_dsn) as db:
        for words in ([frequent], [rare], [frequent, pair], ["nothing"]):
            patterns = [rf"\m{word}\M" for word in words]
            rows = db.execute(
                "SELECT id FROM products WHERE name || ' ' || description ~* ALL (%s)"
                " ORDER BY name ~* ALL (%s) DESC, price, id",
                (patterns, patterns),
            ).fetchall()
            assert index.find(words) == [product for (product,) in rows]
    assert index.find([]) == []


def test_answers_agree_with_the_dataset(dataset: Dataset) -> None:
    """What the catalog knows of a product is what the tables hold."""
    catalog = Catalog()
    names = {row[0]: row[1] for row in columns(dataset, "customers", 0, 1)}
    reviews: dict[str, set[tuple[str, ...]]] = {}
    for row in columns(dataset, "reviews", 2, 0, 3, 4, 5):
        reviews.setdefault(row[0], set()).add(row[1:])
    for product in catalog.window_candidates[::10]:
        facts = catalog.product(product)
        line = dataset.lines["products"][product - 1].split("\t")
        assert (line[4], line[7], line[3]) == (facts.name, str(facts.price), facts.sku)
        known = catalog.reviews_of(product)
        assert len(known) >= 8
        assert reviews[str(product)] == {
            (str(r.id), str(r.customer_id), str(r.stars), r.body) for r in known
        }
        assert all(names[str(r.customer_id)] == r.author for r in known)


def test_latest_reviews_agree_with_sql(seeded_dsn: str) -> None:
    """The catalog's latest reviews are the ones that Postgres finds."""
    with psycopg.connect(seeded_dsn) as db:
        rows = db.execute(
            "SELECT id, written_at FROM reviews ORDER BY written_at DESC, id DESC LIMIT 10"
        ).fetchall()
    assert rows == [(r.id, r.written_at) for r in Catalog().latest_reviews(10)]


def test_loaded_database_holds_every_row(seeded_dsn: str, dataset: Dataset) -> None:
    """COPY loses nothing, and what comes after gets fresh ids."""
    with psycopg.connect(seeded_dsn, autocommit=True) as db:
        for table, lines in dataset.lines.items():
            row = db.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
            assert row == (len(lines),)
        row = db.execute("SELECT last_value FROM reviews_id_seq").fetchone()
        assert row == (150_000,)

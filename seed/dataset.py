"""The whole shop, table by table, as Postgres' COPY reads it. Pure: no clock, no database."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from pathlib import Path

import faker

from seed.seller import (
    BEGIN,
    COLORS,
    CUSTOMERS_EACH,
    SELLERS,
    SellerShop,
    email_of,
    is_legacy,
    make_seller,
    top_product,
)

__all__ = ["TABLES", "Dataset", "Progress", "fingerprint", "generate", "password", "password_hash"]

TABLES = {
    "sellers": ("id", "name", "email", "joined_at"),
    "colors": ("id", "name"),
    "products": (
        *("id", "seller_id", "color_id", "sku", "name", "description"),
        *("weight_g", "price", "created_at"),
    ),
    "customers": ("id", "name", "email", "password_hash", "joined_at"),
    "purchases": ("id", "customer_id", "product_id", "seller_id", "price", "bought_at"),
    "reviews": ("id", "purchase_id", "product_id", "customer_id", "stars", "body", "written_at"),
    "referrals": ("id", "customer_id", "seller_id", "friend_email", "sent_at", "accepted_at"),
    "shop_window": ("place", "product_id"),
}
Progress = Callable[[str, int, int], None]
WINDOW_PLACES = 24
REFERRING = 750
COST = 64  # scrypt's n: low, so that 26,000 customers are seeded in seconds


class Dataset:
    """`lines[table]` holds a table's rows in COPY's text format, without the line ends."""

    def __init__(self, lines: dict[str, list[str]]) -> None:
        self.lines = lines

    def blocks(self, table: str, rows: int = 5000) -> Iterator[tuple[int, bytes]]:
        """(how many rows, their bytes), block by block."""
        lines = self.lines[table]
        for start in range(0, len(lines), rows):
            some = lines[start : start + rows]
            yield len(some), ("\n".join(some) + "\n").encode()

    def checksum(self) -> str:
        """SHA-256 over every byte of every table."""
        digest = hashlib.sha256()
        for table in TABLES:
            for _, block in self.blocks(table):
                digest.update(block)
        return digest.hexdigest()


@cache
def fingerprint() -> str:
    """What the dataset is made from: this package's text and faker's version."""
    digest = hashlib.sha256(faker.VERSION.encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def generate(progress: Progress | None = None) -> Dataset:
    """The whole shop: always the same bytes. `progress` is told (what, done, in all)."""
    with ThreadPoolExecutor(2) as threads:  # hashlib lets other threads run meanwhile
        customers = range(1, SELLERS * CUSTOMERS_EACH + 1)
        hashes = threads.map(_hashes, [customers[i : i + 500] for i in range(0, 26000, 500)])
        lines: dict[str, list[str]] = {table: [] for table in TABLES}
        lines["colors"] = [f"{number}\t{name}" for number, name in enumerate(COLORS, start=1)]
        people: list[tuple[int, str, str]] = []
        for seller in range(1, SELLERS + 1):
            _add_seller(lines, make_seller(seller), people)
            if progress is not None:
                progress("the dataset", seller, SELLERS)
        hashed = [one for some in hashes for one in some]
    lines["customers"] = [
        f"{customer}\t{name}\t{email_of(customer, name)}\t{hashed[customer - 1]}\t{joined}"
        for customer, name, joined in people
    ]
    lines["referrals"] = list(_referrals())
    lines["shop_window"] = [
        f"{place}\t{top_product(place * 5)}" for place in range(1, WINDOW_PLACES + 1)
    ]
    return Dataset(lines)


def _add_seller(
    lines: dict[str, list[str]], shop: SellerShop, people: list[tuple[int, str, str]]
) -> None:
    joined = (BEGIN - timedelta(days=400 - shop.id % 300)).isoformat()
    lines["sellers"].append(f"{shop.id}\t{shop.name}\tseller{shop.id}@example.com\t{joined}")
    products = lines["products"]
    for one in shop.products:
        products.append(
            f"{one.id}\t{one.seller_id}\t{one.color_id}\t{one.sku}\t{one.name}"
            f"\t{one.description}\t{one.weight_g}\t{one.price}\t{joined}"
        )
    first_product = shop.products[0].id
    met: dict[int, str] = {}  # when each customer came, and bought all they ever did
    for review in sorted(shop.reviews, key=lambda one: one.written_at):
        before = (review.written_at - timedelta(days=3)).isoformat()
        met.setdefault(review.customer_id, before)
    for review in shop.reviews:
        price = shop.products[review.product_id - first_product].price
        bought = met[review.customer_id]
        lines["purchases"].append(
            f"{review.id}\t{review.customer_id}\t{review.product_id}\t{shop.id}\t{price}\t{bought}"
        )
        lines["reviews"].append(
            f"{review.id}\t{review.id}\t{review.product_id}\t{review.customer_id}"
            f"\t{review.stars}\t{review.body}\t{review.written_at.isoformat()}"
        )
    for number, name in enumerate(shop.customers):
        customer = shop.first_customer + number
        people.append((customer, name, met[customer]))


def _referrals() -> Iterable[str]:
    """Each of 750 customers tells a friend of the seller they bought from; half are accepted."""
    for number in range(1, REFERRING + 1):
        customer = number * 34
        seller = (customer - 1) // CUSTOMERS_EACH + 1
        sent = BEGIN + timedelta(hours=17 * number)
        accepted = (sent + timedelta(days=2)).isoformat() if number % 2 else r"\N"
        friend = f"friend{number}@example.com"
        yield f"{number}\t{customer}\t{seller}\t{friend}\t{sent.isoformat()}\t{accepted}"


def password(customer: int) -> str:
    """The password that a customer types."""
    return "pw-" + hashlib.sha256(f"password/{customer}".encode()).hexdigest()[:12]


def password_hash(customer: int) -> str:
    """As it is kept: scrypt, or for customers of the earlier system pbkdf2 in Django's format."""
    secret = password(customer).encode()
    salt = hashlib.sha256(f"salt/{customer}".encode()).digest()[:16]
    if is_legacy(customer):
        text = salt.hex()[:12]
        digest = hashlib.pbkdf2_hmac("sha256", secret, text.encode(), 600)
        return f"pbkdf2_sha256$600${text}${base64.b64encode(digest).decode()}"
    digest = hashlib.scrypt(secret, salt=salt, n=COST, r=8, p=1, dklen=32)
    return f"scrypt${COST}$8$1${salt.hex()}${digest.hex()}"


def _hashes(customers: Iterable[int]) -> list[str]:
    return [password_hash(customer) for customer in customers]

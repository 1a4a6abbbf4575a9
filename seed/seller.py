"""One seller with everything that belongs to them, from the seller's number alone. Pure.

Every seller has a random stream of their own and a fixed number of products, customers and
purchases, so ids can be computed, and what one page must show can be known without making the whole
shop. Only Random.random() is used: its sequence is the same in every version of Python. What is
computed from it is exact or rounded once (sums, products, integers), so that no library of
mathematics can make another dataset.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from faker import Faker

from seed.vocabulary import ADJECTIVES, FEATURES, MATERIALS, NOUNS

__all__ = [
    "COLORS",
    "CUSTOMERS_EACH",
    "PRODUCTS_EACH",
    "PURCHASES_EACH",
    "REVIEWS",
    "SELLERS",
    "Product",
    "Review",
    "SellerShop",
    "email_of",
    "has_mixed_case",
    "is_legacy",
    "make_seller",
    "review_of_slot",
    "top_product",
    "written_at",
]

SELLERS = 500
PRODUCTS_EACH = 500
CUSTOMERS_EACH = 52
PURCHASES_EACH = 300
REVIEWS = SELLERS * PURCHASES_EACH
COLORS = ("black", "white", "red", "blue", "green", "yellow", "orange", "purple", "brown", "pink")
FEWEST, MOST = 2, 10  # products that one customer buys
BESTSELLERS = 6  # of each seller: cheap, and with nearly half of all that is bought
APART = 7  # prime to PRODUCTS_EACH: how far the places of two ranks lie apart
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
STRIDE = 7919  # prime to REVIEWS, so that it visits every slot of the shop's history once
OPENINGS = (
    "Bought the {noun} for my sister, and she will not give it back.",
    "I was not sure of this {noun} at first, but it won me over within a week.",
    "This is the second {noun} that I order, for the other room.",
    "The {noun} arrived two days early and well packed.",
    "The {noun} is smaller than I had thought, which turned out to be just right.",
    "My third purchase from this seller, after a {noun} that never failed me.",
    "The picture does not do this {noun} justice.",
    "This {noun} took the place of one that had served us for ten years.",
    "A {noun} is a {noun}, I used to say, until I had this one.",
    "My neighbor saw the {noun} and asked for the address at once.",
    "I had looked for such a {noun} in every shop in town.",
    "The {noun} was a gift, and it was well received.",
)
MIDDLES = (
    "The finish is even, the edges are clean, and nothing rattles.",
    "After a month of daily use there is not a single scratch to be seen.",
    "One corner was a little rough, and some sandpaper took care of that.",
    "The color is darker than on my screen, yet it suits the room.",
    "Putting it together took ten minutes and no tools at all.",
    "It is heavier than it looks, so think of where you want it.",
    "The cat has claimed it already, which tells you all about comfort.",
    "Cleaning is easy: a damp cloth and it looks like new.",
    "It smelled of the workshop for a day, and then no more.",
    "The seller answered a question within the hour.",
    "I left it out in the rain once, and nothing happened.",
    "The sizes on the page are right to the millimeter.",
)
CLOSINGS = (
    "I would buy it again without a second thought.",
    "For the price there is nothing to complain about.",
    "Not perfect, but honest work, and that is rare.",
    "If you hesitate, stop hesitating.",
    "I hope it lasts as long as the one before.",
    "A star less only because the box was far too large.",
    "Friends have asked where it is from.",
    "It does what it should, and looks good doing it.",
    "My only wish is another color.",
    "It will move house with me.",
    "Well worth the wait.",
    "I have stopped looking for a better one.",
)


@dataclass(frozen=True, slots=True)
class Product:
    """A product as its seller describes it."""

    id: int
    seller_id: int
    color_id: int
    sku: str
    name: str
    description: str
    weight_g: int
    price: int


@dataclass(frozen=True, slots=True)
class Review:
    """A purchase and what its customer wrote; both have the same id."""

    id: int
    product_id: int
    customer_id: int
    stars: int
    body: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class SellerShop:
    """A seller with products, customers (first id and names) and reviews."""

    id: int
    name: str
    products: tuple[Product, ...]
    first_customer: int
    customers: tuple[str, ...]
    reviews: tuple[Review, ...]


@cache
def _names() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """(first names, last names, companies), from faker."""
    fake = Faker("en_US")
    fake.seed_instance(20240101)
    first = dict.fromkeys(fake.first_name() for _ in range(600))
    last = dict.fromkeys(fake.last_name() for _ in range(800))
    firms = dict.fromkeys(fake.company() for _ in range(SELLERS * 3))
    return tuple(first), tuple(last), tuple(firms)[:SELLERS]


def top_product(seller: int) -> int:
    """The id of a seller's most popular product."""
    return _of_rank(seller, 0)


def _of_rank(seller: int, rank: int) -> int:
    """The id of a seller's product by its popularity, 0 for the most popular."""
    place = (seller * 37 + rank * APART) % PRODUCTS_EACH
    return (seller - 1) * PRODUCTS_EACH + place + 1


def _rank_of(seller: int, place: int) -> int:
    """The popularity of the product at a place of the seller's list; the inverse of _of_rank."""
    return (place - seller * 37) * pow(APART, -1, PRODUCTS_EACH) % PRODUCTS_EACH


def _bought(draw: Callable[[], float]) -> int:
    """The rank of a product that somebody buys."""
    chosen = draw()
    if chosen < 0.48:
        return int(chosen * BESTSELLERS / 0.48)
    rest = draw()
    return BESTSELLERS + int((PRODUCTS_EACH - BESTSELLERS) * (rest * rest))


def written_at(review: int) -> datetime:
    """When a review was written: every 300 s one of the shop's, in an order of its own."""
    return BEGIN + timedelta(seconds=300 * ((review * STRIDE) % REVIEWS))


def review_of_slot(slot: int) -> int:
    """The review that was written in a slot of the shop's history; the inverse of written_at."""
    return (slot * pow(STRIDE, -1, REVIEWS)) % REVIEWS or REVIEWS


def is_legacy(customer: int) -> bool:
    """Whether a customer came from an earlier system, with a hash of another format: 5%."""
    return customer % 20 == 7


def has_mixed_case(customer: int) -> bool:
    """Whether a customer's address is kept with capital letters, as it was typed: another 5%."""
    return customer % 20 == 13


def email_of(customer: int, name: str) -> str:
    """A customer's address; some are kept as they were typed."""
    text = f"{name.replace(' ', '.')}.{customer}@example.com"
    return text if has_mixed_case(customer) else text.lower()


def make_seller(seller: int) -> SellerShop:
    """Everything of one seller, 1 to SELLERS; the same whenever and wherever it is made."""
    draw = Random(f"slo-dojo/{seller}").random
    first, last, firms = _names()
    products = tuple(_product(draw, seller, place) for place in range(PRODUCTS_EACH))
    first_customer = (seller - 1) * CUSTOMERS_EACH + 1
    customers = tuple(
        f"{first[int(draw() * len(first))]} {last[int(draw() * len(last))]}"
        for _ in range(CUSTOMERS_EACH)
    )
    sizes = [FEWEST + int(draw() * (MOST - FEWEST + 1)) for _ in range(CUSTOMERS_EACH)]
    place = 0
    while (over := sum(sizes) - PURCHASES_EACH) != 0:
        step = -1 if over > 0 else 1
        if FEWEST <= sizes[place] + step <= MOST:
            sizes[place] += step
        place = (place + 1) % CUSTOMERS_EACH
    reviews: list[Review] = []
    review = (seller - 1) * PURCHASES_EACH
    for number, size in enumerate(sizes):
        bought: set[int] = set()
        while len(bought) < size:  # no product twice for one customer
            product = _of_rank(seller, _bought(draw))
            if product in bought:
                continue
            bought.add(product)
            review += 1
            dislike = draw()
            stars = 5 - int(4.999 * (dislike * dislike))
            noun = products[(product - 1) % PRODUCTS_EACH].name.rsplit(" ", 1)[1].lower()
            body = " ".join(
                (
                    OPENINGS[int(draw() * len(OPENINGS))].format(noun=noun),
                    MIDDLES[int(draw() * len(MIDDLES))],
                    MIDDLES[int(draw() * len(MIDDLES))],
                    CLOSINGS[int(draw() * len(CLOSINGS))],
                )
            )
            when = written_at(review)
            reviews.append(Review(review, product, first_customer + number, stars, body, when))
    return SellerShop(
        seller, firms[seller - 1], products, first_customer, customers, tuple(reviews)
    )


def _product(draw: Callable[[], float], seller: int, place: int) -> Product:
    adjective, material, noun = (words.pick(draw()) for words in (ADJECTIVES, MATERIALS, NOUNS))
    features = ", ".join(FEATURES.pick(draw()) for _ in range(3))
    weight, price = draw(), draw()
    return Product(
        id=(seller - 1) * PRODUCTS_EACH + place + 1,
        seller_id=seller,
        color_id=1 + int(draw() * len(COLORS)),
        sku=f"S{seller:03d}-{place + 1:04d}",
        name=f"{adjective} {material} {noun}".title(),
        description=f"{ADJECTIVES.pick(draw())} {MATERIALS.pick(draw())}: {features}.".capitalize(),
        weight_g=50 + int(weight * weight * 9950),
        price=2 + int(price * 8)
        if _rank_of(seller, place) < BESTSELLERS
        else 10 + int(price * price * 240),
    )

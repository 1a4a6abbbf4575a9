"""What the site must show, from the generator and not from SQL: facts of products and reviews."""

from dataclasses import dataclass
from datetime import datetime

from seed.seller import (
    COLORS,
    PRODUCTS_EACH,
    PURCHASES_EACH,
    REVIEWS,
    SellerShop,
    make_seller,
    review_of_slot,
    top_product,
)

__all__ = ["Catalog", "ProductFacts", "ReviewFacts"]

CANDIDATES = 120


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """A product as its page shows it."""

    id: int
    name: str
    description: str
    price: int
    sku: str
    seller_name: str
    color: str


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """A review as pages show it."""

    id: int
    product_id: int
    customer_id: int
    author: str
    stars: int
    body: str
    written_at: datetime


class Catalog:
    """Makes only the sellers that somebody asks about, each in some ten milliseconds."""

    def __init__(self) -> None:
        self._sellers: dict[int, SellerShop] = {}

    @property
    def window_candidates(self) -> tuple[int, ...]:
        """Products that may stand in the shop window: each well reviewed, each of one seller."""
        return tuple(top_product(seller) for seller in range(1, CANDIDATES + 1))

    def product(self, product: int) -> ProductFacts:
        """One product."""
        shop = self._seller((product - 1) // PRODUCTS_EACH + 1)
        found = shop.products[(product - 1) % PRODUCTS_EACH]
        return ProductFacts(
            found.id,
            found.name,
            found.description,
            found.price,
            found.sku,
            shop.name,
            COLORS[found.color_id - 1],
        )

    def cheapest(self, seller: int, most: int) -> tuple[ProductFacts, ...]:
        """A seller's products by price and then by id, the first of them."""
        products = sorted(self._seller(seller).products, key=lambda one: (one.price, one.id))
        return tuple(self.product(one.id) for one in products[:most])

    def reviews_of(self, product: int) -> tuple[ReviewFacts, ...]:
        """All seeded reviews of a product."""
        shop = self._seller((product - 1) // PRODUCTS_EACH + 1)
        return tuple(
            _facts(shop, place)
            for place, review in enumerate(shop.reviews)
            if review.product_id == product
        )

    def latest_reviews(self, most: int) -> tuple[ReviewFacts, ...]:
        """The reviews of the whole shop that were written last, the newest first."""
        found = []
        for slot in range(REVIEWS - 1, REVIEWS - 1 - most, -1):
            review = review_of_slot(slot) - 1
            shop = self._seller(review // PURCHASES_EACH + 1)
            found.append(_facts(shop, review % PURCHASES_EACH))
        return tuple(found)

    def _seller(self, seller: int) -> SellerShop:
        made = self._sellers.get(seller)
        return made or self._sellers.setdefault(seller, make_seller(seller))


def _facts(shop: SellerShop, place: int) -> ReviewFacts:
    review = shop.reviews[place]
    author = shop.customers[review.customer_id - shop.first_customer]
    return ReviewFacts(
        review.id,
        review.product_id,
        review.customer_id,
        author,
        review.stars,
        review.body,
        review.written_at,
    )

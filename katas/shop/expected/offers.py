"""What "from your sellers" must show on the home page of a customer who is logged in."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from dojo import Item, Wrong
from katas.shop.expected.ratings import rating_problem
from katas.shop.expected.reviews import Version
from seed.answers import Catalog, ProductFacts

__all__ = ["OFFERS", "Offers"]

OFFERS = 32


class Offers:
    """The cheapest products of one seller, as long as nobody changes their price."""

    def __init__(self, catalog: Catalog, seller: int) -> None:
        self._catalog, self._seller = catalog, seller

    @cached_property
    def _seeded(self) -> Sequence[tuple[ProductFacts, int, int]]:
        """(facts, number of reviews, sum of their stars) of each, in the order that is shown."""
        rated = (
            (facts, self._stars(facts.id)) for facts in self._catalog.cheapest(self._seller, OFFERS)
        )
        return [(facts, len(stars), sum(stars)) for facts, stars in rated]

    def _stars(self, product: int) -> list[int]:
        return [review.stars for review in self._catalog.reviews_of(product)]

    def problem(
        self, shown: Sequence[Item], possible: Iterable[tuple[Version | None, ...]]
    ) -> Wrong | None:
        """None if these lines are right; `possible` is what a reader may have seen of reviews."""
        wanted = [str(facts.id) for facts, _, _ in self._seeded]
        if (ids := [item.marks.get("product", "") for item in shown]) != wanted:
            return Wrong(
                f"the {OFFERS} cheapest products of seller {self._seller} in 'your-sellers'",
                f"{len(ids)} products ({', '.join(ids[:4])})",
            )
        about: dict[int, list[tuple[Version | None, ...]]] = {}
        for seen in possible:
            for product in {version.product for version in seen if version}:
                about.setdefault(product, []).append(seen)
        for (facts, count, stars), item in zip(self._seeded, shown, strict=True):
            for name, value in _described(facts).items():
                if item.values.get(name) != value:
                    return Wrong(
                        f"{name} {value!r} of product {facts.id}", repr(item.values.get(name))
                    )
            came = item.values.get("reviewCount"), item.values.get("ratingValue")
            if problem := rating_problem(*came, (count, stars), about.get(facts.id, [])):
                return Wrong(
                    f"product {facts.id} with {problem}", f"{came[0]} reviews, rating {came[1]}"
                )
        return None


def _described(facts: ProductFacts) -> dict[str, str]:
    return {
        "name": facts.name,
        "price": str(facts.price),
        "color": facts.color,
        "seller": facts.seller_name,
    }

"""What "from your sellers" must show on the home page of a customer who is logged in."""

import itertools
from collections.abc import Iterable, Sequence

from dojo import Item, Wrong, versions
from katas.shop.expected.changing_facts import ChangingFacts
from katas.shop.expected.moment import Moment
from katas.shop.expected.new_products import NewProduct
from katas.shop.expected.ratings import rating_problem
from katas.shop.expected.reviews import Version
from katas.shop.scenarios.behind_the_back import Fact
from katas.shop.scenarios.seller_numbers import seller_of
from seed.answers import Catalog

__all__ = ["OFFERS", "Offers"]

OFFERS = 32
Place = tuple[int, int]  # price and id: the order of the list


class Offers:
    """The cheapest products of some sellers, while prices change and products come.

    `added` are products that the seed doesn't know, each with its seller's id.
    """

    def __init__(
        self,
        catalog: Catalog,
        sellers: Sequence[int],
        changing: ChangingFacts | None = None,
        added: Iterable[tuple[NewProduct, int]] = (),
    ) -> None:
        self._catalog, self._sellers = catalog, tuple(sellers)
        self._changing = changing or ChangingFacts()
        self._added = {product.facts.id: product for product, by in added if by in sellers}
        repriced = {
            each for each in self._changing.changed(Fact.PRICE) if seller_of(each) in sellers
        }
        most = OFFERS + len(repriced)
        cheapest = [facts for seller in sellers for facts in catalog.cheapest(seller, most)]
        self._facts = {facts.id: facts for facts in cheapest}
        self._facts |= {each: catalog.product(each) for each in repriced}
        self._facts |= {each: product.facts for each, product in self._added.items()}
        self._repriced = sorted(repriced)
        self._settled = [(facts.price, facts.id) for facts in cheapest if facts.id not in repriced]
        self._stars_of: dict[int, list[int]] = {}

    def problem(
        self,
        shown: Sequence[Item],
        possible: Iterable[tuple[Version | None, ...]],
        when: Moment,
    ) -> Wrong | None:
        """None if these lines are right; `possible` is what a reader may have seen of reviews."""
        ids = [item.marks.get("product", "") for item in shown]
        lists = self._lists(when)
        if not any(list(map(str, each)) == ids for each in lists):
            wanted = ", ".join(map(str, lists[-1][:4]))
            return Wrong(
                f"the {OFFERS} cheapest products of seller"
                f" {' and '.join(map(str, self._sellers))} in 'your-sellers'"
                f" ({wanted}, …)",
                f"{len(ids)} products ({', '.join(ids[:4])})",
            )
        about: dict[int, list[tuple[Version | None, ...]]] = {}
        for seen in possible:
            for product in {version.product for version in seen if version}:
                about.setdefault(product, []).append(seen)
        for product, item in zip(map(int, ids), shown, strict=True):
            for name, allowed in self._changing.marks_of(self._facts[product], when).items():
                if (value := item.values.get(name)) not in allowed:
                    return Wrong(f"{name} {allowed[-1]!r} of product {product}", repr(value))
            came = item.values.get("reviewCount"), item.values.get("ratingValue")
            stars = self._stars(product)
            if problem := rating_problem(*came, (len(stars), sum(stars)), about.get(product, [])):
                return Wrong(
                    f"product {product} with {problem}", f"{came[0]} reviews, rating {came[1]}"
                )
        return None

    def _lists(self, when: Moment) -> list[list[int]]:
        """The ids that a page may list, in their order; the list of the latest facts last."""
        options: list[tuple[Place | None, ...]] = []
        for product in self._repriced:
            prices = self._changing.possible(Fact.PRICE, product, self._facts[product].price, when)
            options.append(tuple((price, product) for price in prices))
        for product, new in self._added.items():
            assert new.write is not None
            fewest, most = versions([new.write], when.sent_s, when.done_s, when.limit_s)
            place = (new.facts.price, product)
            options.append((None, place)[fewest : most + 1])
        return [
            [product for _, product in sorted([*self._settled, *filter(None, chosen)])[:OFFERS]]
            for chosen in itertools.product(*options)
        ]

    def _stars(self, product: int) -> list[int]:
        if product in self._added:
            return []
        known = self._stars_of.get(product)
        if known is None:
            known = [review.stars for review in self._catalog.reviews_of(product)]
            self._stars_of[product] = known
        return known

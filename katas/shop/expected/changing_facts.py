"""Prices, names and places that change during a burst: what a page may show at which moment."""

from collections.abc import Iterable, Sequence
from typing import Any

from dojo import SqlAnswer, Write, versions
from katas.shop.expected.moment import Moment
from katas.shop.scenarios.behind_the_back import Fact, NewFacts, NewPlace
from seed.answers import ProductFacts

__all__ = ["ChangingFacts"]


class ChangingFacts:
    """What the statements of a burst have changed, on top of what the seed says."""

    def __init__(self, answers: Iterable[SqlAnswer] = ()) -> None:
        self._facts: dict[tuple[Fact, int], tuple[list[Any], list[Write]]] = {}
        self._sellers: dict[str, int] = {}  # by the name that the seed gave them
        self._places: list[tuple[NewPlace, Write]] = []
        for answer in answers:
            expect = answer.step.expect
            if isinstance(expect, NewFacts):
                for row_id, value in expect.values.items():
                    values, writes = self._facts.setdefault((expect.fact, row_id), ([], []))
                    if expect.fact is Fact.SELLER and not values:
                        self._sellers[expect.before[row_id]] = row_id
                    values.append(value)
                    writes.append(answer.write)
            elif isinstance(expect, NewPlace):
                self._places.append((expect, answer.write))

    def changed(self, fact: Fact) -> tuple[int, ...]:
        """The ids of those about whom that fact has changed."""
        return tuple(row_id for kind, row_id in self._facts if kind is fact)

    def latest(self, fact: Fact) -> tuple[Any, ...]:
        """What each of those is now, in the same order."""
        return tuple(values[-1] for (kind, _), (values, _) in self._facts.items() if kind is fact)

    def history(self, fact: Fact, row_id: int, seeded: Any) -> tuple[Any, ...]:
        """All that it has been, the seed's first."""
        values, _ = self._facts.get((fact, row_id), ([], []))
        return (seeded, *values)

    def possible(self, fact: Fact, row_id: int, seeded: Any, when: Moment) -> tuple[Any, ...]:
        """What a page may show, the latest last; `seeded` is what the seed says."""
        history = self._facts.get((fact, row_id))
        if history is None:
            return (seeded,)
        values, writes = history
        fewest, most = versions(writes, when.sent_s, when.done_s, when.limit_s)
        return (seeded, *values)[fewest : most + 1]

    def seller_names(self, seeded: str, when: Moment) -> tuple[str, ...]:
        """What a seller may be called who has that name in the seed; nobody else has it."""
        seller = self._sellers.get(seeded)
        return (seeded,) if seller is None else self.possible(Fact.SELLER, seller, seeded, when)

    def marks_of(self, facts: ProductFacts, when: Moment) -> dict[str, tuple[str, ...]]:
        """The marks of a product of the seed on lists and cards, each with what it may say."""
        prices = self.possible(Fact.PRICE, facts.id, facts.price, when)
        return {
            "name": self.possible(Fact.NAME, facts.id, facts.name, when),
            "price": tuple(map(str, prices)),
            "color": self.possible(Fact.COLOR, facts.id, facts.color, when),
            "seller": self.seller_names(facts.seller_name, when),
        }

    def windows(self, first: Sequence[int], when: Moment) -> list[tuple[int, ...]]:
        """The shop windows that a page may show, the latest last; `first` as it was before."""
        windows = [tuple(first)]
        for change, _ in self._places:
            products = list(windows[-1])
            products[change.place - 1] = change.product
            windows.append(tuple(products))
        writes = [write for _, write in self._places]
        fewest, most = versions(writes, when.sent_s, when.done_s, when.limit_s)
        return windows[fewest : most + 1]

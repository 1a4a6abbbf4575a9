"""Reviews while customers write, change and delete them: what a page may show at which moment."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dojo import Burst, Sample, SqlAnswer, Visit, Write, versions
from katas.shop.scenarios.behind_the_back import NewReviews
from katas.shop.scenarios.orders import ORDERS
from seed.answers import ReviewFacts

__all__ = ["BurstReview", "Version", "by_product", "reviews_of", "version_of"]


@dataclass(frozen=True, slots=True)
class Version:
    """A review as it can be seen."""

    product: int
    author: str
    stars: int
    body: str
    written_at: datetime | None  # None: never acknowledged
    id: int | None


@dataclass(frozen=True, slots=True)
class BurstReview:
    """A review of the burst: its versions, and the writes between them. None: not there."""

    versions: tuple[Version | None, ...]  # before any write, after the first, …
    writes: tuple[Write, ...]
    customer: str | int = ""  # who wrote it: the id of one of the seed, the address of a new one

    @property
    def id(self) -> int | None:
        """Its id; None if the shop never named it."""
        return next((each.id for each in self.versions if each and each.id is not None), None)

    def possible(self, sent_s: float, done_s: float, limit_s: float) -> tuple[Version | None, ...]:
        """What a read may have seen of it."""
        fewest, most = versions(self.writes, sent_s, done_s, limit_s)
        return self.versions[fewest : most + 1]


def version_of(review: ReviewFacts) -> Version:
    """A seeded review, as a version that never changes."""
    return Version(
        review.product_id, review.author, review.stars, review.body, review.written_at, review.id
    )


def reviews_of(burst: Burst) -> list[BurstReview]:
    """Every review that customers sent, and those behind the app's back, in all bursts so far."""
    visits = burst.visits(ORDERS)
    return [
        *(_review(visit) for visit in visits if "review" in visit.samples),
        *(_second_review(visit) for visit in visits if "review another" in visit.samples),
        *(review for answer in burst.sql_answers for review in _behind_the_back(answer)),
    ]


def _behind_the_back(answer: SqlAnswer) -> Iterable[BurstReview]:
    if not isinstance(answer.step.expect, NewReviews):
        return
    known = {(row[0], row[1]): row[2:] for row in answer.rows}
    for added in answer.step.expect.reviews:
        review_id, written_at = known[added.product, added.customer]
        version = Version(
            added.product, added.author, added.stars, added.body, written_at, review_id
        )
        yield BurstReview((None, version), (answer.write,), added.customer)


def _second_review(visit: Visit) -> BurstReview:
    """What a customer wrote about the other product that they bought."""
    expect, sample = visit.journey.expect, visit.samples["review another"]
    version = _version(expect["customer"], expect["another"], expect["third"], sample)
    return BurstReview((None, version), (_write(sample),), expect["customer"]["email"])


def _version(
    customer: Mapping[str, str], product: int, review: Mapping[str, Any], sample: Sample
) -> Version:
    answer = _json(sample)
    written_at = answer.get("written_at")
    return Version(
        product=product,
        author=customer["name"],
        stars=review["stars"],
        body=review["body"],
        written_at=datetime.fromisoformat(written_at) if isinstance(written_at, str) else None,
        id=answer.get("id"),
    )


def _review(visit: Visit) -> BurstReview:
    expect, samples = visit.journey.expect, visit.samples
    first = _version(expect["customer"], expect["product"], expect["first"], samples["review"])
    states: list[Version | None] = [None, first]
    writes = [_write(samples["review"])]
    if "change" in samples:
        second = expect["second"]
        states.append(replace(first, stars=second["stars"], body=second["body"]))
        writes.append(_write(samples["change"]))
    if "delete" in samples:
        states.append(None)
        writes.append(_write(samples["delete"]))
    return BurstReview(tuple(states), tuple(writes), expect["customer"]["email"])


def _write(sample: Sample) -> Write:
    acknowledged = sample.cause is None
    return Write(sample.sent_s or 0.0, sample.done_s if acknowledged else None)


def _json(sample: Sample) -> dict[str, Any]:
    try:
        answer = json.loads(sample.body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) and sample.cause is None else {}


def by_product(reviews: Iterable[BurstReview]) -> dict[int, list[BurstReview]]:
    """The reviews of a burst, by the product that they are about."""
    grouped: dict[int, list[BurstReview]] = {}
    for review in reviews:
        product = next(version.product for version in review.versions if version)
        grouped.setdefault(product, []).append(review)
    return grouped

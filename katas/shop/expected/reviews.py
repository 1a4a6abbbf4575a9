"""Reviews while customers write, change and delete them: what a page may show at which moment."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dojo import Burst, Sample, Visit, Write, versions
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
    """Every review that customers sent, in all bursts so far."""
    return [_review(visit) for visit in burst.visits(ORDERS) if "review" in visit.samples]


def _review(visit: Visit) -> BurstReview:
    expect, samples = visit.journey.expect, visit.samples
    answer = _json(samples["review"])
    written_at = answer.get("written_at")
    first = Version(
        product=expect["product"],
        author=expect["customer"]["name"],
        stars=expect["first"]["stars"],
        body=expect["first"]["body"],
        written_at=datetime.fromisoformat(written_at) if isinstance(written_at, str) else None,
        id=answer.get("id"),
    )
    states: list[Version | None] = [None, first]
    writes = [_write(samples["review"])]
    if "change" in samples:
        second = expect["second"]
        changed = Version(
            first.product,
            first.author,
            second["stars"],
            second["body"],
            first.written_at,
            first.id,
        )
        states.append(changed)
        writes.append(_write(samples["change"]))
    if "delete" in samples:
        states.append(None)
        writes.append(_write(samples["delete"]))
    return BurstReview(tuple(states), tuple(writes))


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

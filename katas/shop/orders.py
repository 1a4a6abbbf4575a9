"""A customer who buys and reviews while others browse: the writes that are hidden in the load."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from dojo import Burst, Journey, Sample, Step, Write, versions
from seed.answers import ReviewFacts

__all__ = [
    "BurstReview",
    "Version",
    "order_journey",
    "orders_of",
    "reviews_of",
    "turned_away",
    "version_of",
]

FROM_PRODUCT, TO_PRODUCT = 100_000, 250_000  # bought beside it; its id comes after the other's
TAKEN = 0.9  # of the writes of a whole burst, at the least
JSON = {"content-type": "application/json"}
WORDS = "tidy solid bright quick gentle clever plain sturdy handsome modest honest warm".split()


def order_journey(name: str, rng: Random, products: Sequence[int]) -> Journey:
    """Buy two products, review the first, and now and then change or delete the review."""
    tag = f"{rng.getrandbits(48):012x}"
    product = products[int(rng.random() * len(products))]
    before = max(FROM_PRODUCT, product)
    another = before + 1 + int(rng.random() * (TO_PRODUCT - before))
    customer = {
        "name": f"{_word(rng).title()} {_word(rng).title()}",
        "email": f"{_word(rng)}.{tag}@example.com",
        "password": f"{_word(rng)}-{tag}",
    }
    first, second = _review(rng, tag), _review(rng, tag)
    steps = [
        Step(
            "buy",
            "POST",
            "/purchases",
            JSON,
            json.dumps({"customer": customer, "product_ids": [product, another]}).encode(),
            capture={"purchase": "purchases.0.id"},
        ),
        Step(
            "review",
            "POST",
            "/reviews",
            JSON,
            b'{"purchase_id": {{purchase}}, ' + json.dumps(first).encode()[1:],
            think_s=0.1,
            capture={"review": "id"},
        ),
    ]
    if rng.random() < 0.5:
        body = json.dumps(second).encode()
        steps.append(Step("change", "PUT", "/reviews/{{review}}", JSON, body, think_s=0.6))
    if rng.random() < 0.3:
        steps.append(Step("delete", "DELETE", "/reviews/{{review}}", think_s=0.6))
    expect = {
        "customer": customer,
        "product": product,
        "another": another,
        "first": first,
        "second": second,
    }
    return Journey(name, tuple(steps), expect=expect)


def _word(rng: Random) -> str:
    return WORDS[int(rng.random() * len(WORDS))]


def _review(rng: Random, tag: str) -> dict[str, Any]:
    text = " ".join(_word(rng) for _ in range(12))
    return {"stars": 1 + int(rng.random() * 5), "body": f"{text.capitalize()} ({tag})."}


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

    def possible(self, sent_s: float, done_s: float, limit_s: float) -> tuple[Version | None, ...]:
        """What a read may have seen of it."""
        fewest, most = versions(self.writes, sent_s, done_s, limit_s)
        return self.versions[fewest : most + 1]


def version_of(review: ReviewFacts) -> Version:
    """A seeded review, as a version that never changes."""
    return Version(
        review.product_id, review.author, review.stars, review.body, review.written_at, review.id
    )


def orders_of(burst: Burst, name: str) -> Iterable[tuple[Journey, dict[str, Sample]]]:
    """Each journey of that name that was begun, with its samples by step name."""
    begun: dict[int, dict[str, Sample]] = {}
    for sample in burst.samples:
        journey = burst.plan.journeys[sample.journey]
        if journey.name == name and sample.sent_s is not None:
            begun.setdefault(sample.journey, {})[journey.steps[sample.step].name] = sample
    return [(burst.plan.journeys[index], samples) for index, samples in begun.items()]


def turned_away(burst: Burst, name: str) -> str:
    """What is wrong with how the writes of a flow were received; "" if they were taken.

    Each of them is in order, so none may be refused, and in a burst that was not stopped early
    hardly any may go without an answer: what is never taken can't be lost, or be shown too late.
    """
    sent = [
        sample
        for sample in burst.samples
        if burst.plan.journeys[sample.journey].name == name and sample.sent_s is not None
    ]
    refused = [one for one in sent if one.status is not None and one.status >= 400]
    if refused:
        return (
            f"{len(refused)} of {len(sent)} writes of visitors were refused, one with status"
            f" {refused[0].status}; each was in order, so all must be taken."
        )
    taken = sum(one.cause is None for one in sent)
    whole = len({one.journey for one in sent}) == burst.plan.count(name)
    if whole and taken < TAKEN * len(sent):
        return (
            f"Only {taken} of {len(sent)} writes of visitors were acknowledged; at least"
            f" {TAKEN:.0%} must be."
        )
    return ""


def reviews_of(burst: Burst, name: str) -> list[BurstReview]:
    """Every review that the burst asked for."""
    return [
        _tell(journey, samples)
        for journey, samples in orders_of(burst, name)
        if "review" in samples
    ]


def _tell(journey: Journey, samples: dict[str, Sample]) -> BurstReview:
    expect = journey.expect
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
    seen: list[Version | None] = [None, first]
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
        seen.append(changed)
        writes.append(_write(samples["change"]))
    if "delete" in samples:
        seen.append(None)
        writes.append(_write(samples["delete"]))
    return BurstReview(tuple(seen), tuple(writes))


def _write(sample: Sample) -> Write:
    acknowledged = sample.cause is None
    return Write(sample.sent_s or 0.0, sample.done_s if acknowledged else None)


def _json(sample: Sample) -> dict[str, Any]:
    try:
        answer = json.loads(sample.body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) and sample.cause is None else {}

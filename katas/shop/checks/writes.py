"""What the shop acknowledged is in its database, and hardly anything is refused."""

from collections.abc import Mapping
from typing import Any

from dojo import Burst, Evidence, Finding, Sample, Site
from katas.shop.expected.reviews import BurstReview, reviews_of
from katas.shop.scenarios.orders import ORDERS

__all__ = ["bought", "refused_writes", "writes_kept"]

ACKNOWLEDGED = 0.9  # of the writes of a whole burst, at the least


def refused_writes(burst: Burst, flow: str) -> str:
    """What is wrong with how the writes of a flow were received; "" if they were taken.

    Each of them is in order, so none may be refused, and in a burst that was not stopped early
    hardly any may go without an answer: what is never taken can't be lost, or be shown too late.
    A shop that hardly answers anybody is not blamed for that a second time.
    """
    visits = burst.visits(flow)
    sent: list[Sample] = [sample for visit in visits for sample in visit.samples.values()]
    refused = [each for each in sent if each.status is not None and each.status >= 400]
    if refused:
        return (
            f"{len(refused)} of {len(sent)} writes of visitors were refused, one with status"
            f" {refused[0].status}; each was in order, so all must be taken."
        )
    acknowledged = sum(each.cause is None for each in sent)
    whole = len(visits) == burst.plan.count(flow)
    if whole and _answers_visitors(burst) and acknowledged < ACKNOWLEDGED * len(sent):
        return (
            f"Only {acknowledged} of {len(sent)} writes of visitors were acknowledged; at least"
            f" {ACKNOWLEDGED:.0%} must be."
        )
    return ""


def _answers_visitors(burst: Burst) -> bool:
    """Whether most requests of the SLI's journeys were answered, so that writes could be, too."""
    sent = [sample for visit in burst.visits(burst.journey) for sample in visit.samples.values()]
    return sum(each.done_s is not None for each in sent) >= ACKNOWLEDGED * len(sent)


def bought(burst: Burst) -> list[Mapping[str, Any]]:
    """What each acknowledged purchase was: `customer`, and the ids `product` and `another`."""
    return [
        visit.journey.expect
        for visit in burst.visits(ORDERS)
        if "buy" in visit.samples and visit.samples["buy"].cause is None
    ]


def writes_kept(evidence: Evidence) -> Finding:
    """Each acknowledged purchase, review, change and deletion is in Postgres."""
    if problem := refused_writes(evidence.burst, ORDERS):
        return Finding(False, problem)
    purchases = bought(evidence.burst)
    reviews = [review for review in reviews_of(evidence.burst) if _is_acknowledged(review)]
    lost = [*_lost_purchases(purchases, evidence.site), *_lost_reviews(reviews, evidence.site)]
    total = 2 * len(purchases) + len(reviews)
    if lost:
        return Finding(
            False,
            f"{len(lost)} of {total} acknowledged writes are not in Postgres; all must be."
            f" One of them: {lost[0]}.",
        )
    finding = Finding(True, f"All {total} acknowledged writes are in Postgres.")
    return evidence.weighed(finding, total, evidence.burst.plan.count(ORDERS))


def _lost_purchases(purchases: list[Mapping[str, Any]], site: Site) -> list[str]:
    rows = site.db.execute(
        "SELECT email, product_id FROM customers JOIN purchases ON customer_id = customers.id"
        " WHERE email = ANY (%s)",
        ([each["customer"]["email"] for each in purchases],),
    ).fetchall()
    kept = {(email, product) for email, product in rows}
    return [
        f"the purchase of product {product} by {each['customer']['email']}"
        for each in purchases
        for product in (each["product"], each["another"])
        if (each["customer"]["email"], product) not in kept
    ]


def _is_acknowledged(review: BurstReview) -> bool:
    """Whether all its writes were, so that it is known how it must be kept."""
    return review.writes[-1].done_s is not None and review.id is not None


def _lost_reviews(reviews: list[BurstReview], site: Site) -> list[str]:
    rows: list[tuple[Any, ...]] = site.db.execute(
        "SELECT id, stars, body FROM reviews WHERE id = ANY (%s)",
        ([review.id for review in reviews],),
    ).fetchall()
    kept = {row[0]: row[1:] for row in rows}
    lost = []
    for review in reviews:
        last = review.versions[-1]
        expected = None if last is None else (last.stars, last.body)
        if kept.get(review.id) != expected:
            lost.append(
                f"review {review.id}: acknowledged as {expected}, kept as {kept.get(review.id)}"
            )
    return lost

"""Whether the writes of a burst were taken at all."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from dojo.kata.burst import Burst
from dojo.kata.exposition import Exposition
from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from katas.shop.checks.writes import refused_writes

NOTHING = Exposition(())


def burst(statuses: Sequence[int | None], planned: int | None = None) -> Burst:
    """A burst of one write for each status; None was sent and never answered."""
    journey = Journey("order", (Step("buy", "POST", "/purchases"),))
    samples = tuple(
        Sample(
            journey=place,
            step=0,
            request_id=str(place),
            intended_s=0.0,
            sent_s=0.0,
            done_s=0.1 if status is not None else None,
            status=status,
            error=None if status is not None else "timeout",
        )
        for place, status in enumerate(statuses)
    )
    plan = Plan(1, 1.0, (journey,) * (planned or len(statuses)))
    return Burst("page_load", plan, samples, 2.0, NOTHING, NOTHING)


@pytest.mark.parametrize("status", [400, 404, 503])
def test_a_refused_write_is_told(status: int) -> None:
    """One of many is enough, with its status."""
    message = refused_writes(burst([201] * 30 + [status]), "order")
    assert message.startswith(f"1 of 31 writes of visitors were refused, one with status {status}")


def test_writes_that_are_never_answered_are_told() -> None:
    """In a whole burst nine of ten must be acknowledged."""
    assert refused_writes(burst([201] * 27 + [None] * 3), "order") == ""
    message = refused_writes(burst([201] * 26 + [None] * 4), "order")
    assert message.startswith("Only 26 of 30 writes of visitors were acknowledged; at least 90%")


def test_a_stopped_burst_may_leave_writes_open() -> None:
    """What was cut short says nothing, unless it was refused."""
    assert refused_writes(burst([201] + [None] * 9, planned=30), "order") == ""
    assert refused_writes(burst([503] + [None] * 9, planned=30), "order") != ""


def test_a_shop_that_answers_nobody_is_not_blamed_twice() -> None:
    """Where the SLI's own visitors got no answers either, the writes tell nothing of their own."""
    starved = burst([201] + [None] * 29)
    assert refused_writes(starved, "order") != ""
    page = Journey("page_load", (Step("home", "GET", "/"),))
    unanswered = tuple(replace(each, journey=each.journey + 30) for each in starved.samples)
    plan = replace(starved.plan, journeys=(*starved.plan.journeys, *(page,) * 30))
    starved = replace(starved, plan=plan, samples=(*starved.samples, *unanswered))
    assert refused_writes(starved, "order") == ""

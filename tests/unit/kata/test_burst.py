"""What a kata is given: the burst so far, and what is new in it."""

from dojo.kata.burst import Burst
from dojo.kata.exposition import Exposition
from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample

NOTHING = Exposition(())
BUY = Journey("order", (Step("buy", "POST", "/buy"), Step("review", "POST", "/review")))
PAGE = Journey("page", (Step("home", "GET", "/"),))
# two bursts: the first two journeys are judged already
SEEN = Burst(
    "page",
    Plan(1, 10, (BUY, PAGE, PAGE, BUY)),
    (
        Sample(0, 0, "a", 0.0, 0.1, 0.2, 201),
        Sample(0, 1, "b", 0.0),  # never sent
        Sample(1, 0, "c", 0.5, 0.5, 0.6, 200),
        Sample(2, 0, "d", 11.0, 11.0, 11.1, 200),
        Sample(3, 0, "e", 12.0),
        Sample(3, 1, "f", 12.0),
    ),
    2.0,
    NOTHING,
    NOTHING,
    first_new=2,
)


def ids(samples: list[Sample]) -> str:
    return "".join(sample.request_id for sample in samples)


def test_steps_are_of_all_bursts() -> None:
    """By journey and by names of steps, in the plan's order."""
    assert ids(SEEN.steps("page", "home")) == "cd"
    assert ids(SEEN.steps("order", "review", "buy")) == "abef"
    assert ids(SEEN.steps("page", "buy")) == ""
    assert SEEN.step_of(SEEN.samples[1]).path == "/review"


def test_only_new_samples_are_unjudged() -> None:
    """Each with its journey; in a first burst all are new."""
    assert SEEN.unjudged("page") == [(SEEN.samples[3], PAGE)]
    first = Burst("page", SEEN.plan, SEEN.samples, 2.0, NOTHING, NOTHING)
    assert ids([sample for sample, _ in first.unjudged("page")]) == "cd"


def test_visits_are_those_that_were_begun() -> None:
    """Of all bursts, so that earlier writes are known; without what was never sent."""
    (visit,) = SEEN.visits("order")
    assert visit.journey is BUY
    assert visit.samples == {"buy": SEEN.samples[0]}

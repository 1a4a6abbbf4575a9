"""What a burst showed."""

from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Cause, Sample
from dojo.slo.observation import Mismatch, Observation

FIND = Journey("find", (Step("search", "GET", "/s"), Step("open", "GET", "/o", think_s=1)))
BUY = Journey("buy", (Step("buy", "POST", "/b"),))
SEEN = Observation(
    Plan(1, 10, (FIND, BUY, FIND)),
    (
        Sample(0, 0, "a", 0.0, 0.0, 0.2, 200),
        Sample(1, 0, "b", 0.0, 0.0, 0.1, 200),
        Sample(0, 1, "c", 1.2, 1.3, 1.4, 200),
        Sample(2, 0, "d", 0.0, 0.0, None, None, "timeout"),
        Sample(2, 1, "e", 0.0, error="not_sent"),
    ),
    {(0, 1): Mismatch("product 5", "product 6")},
)


def test_events_know_wrong_answers_and_lateness() -> None:
    """A wrong answer fails its journey; a journey is as late as its latest step."""
    first, bought, lost = SEEN.events(0.5)
    assert first.failure is Cause.WRONG_CONTENT
    assert round(first.lateness_s, 6) == 0.1
    assert (bought.failure, lost.failure) == (None, Cause.TIMEOUT)


def test_a_sample_knows_its_step_and_its_journey() -> None:
    """By its indexes into this burst's plan."""
    assert [SEEN.step(sample).name for sample in SEEN.by_journey()[0]] == ["search", "open"]
    assert sorted(SEEN.by_journey()) == [0, 1, 2]

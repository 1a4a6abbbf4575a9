"""Whether a run says anything about the app."""

from dataclasses import replace

from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from dojo.report import ObjectiveResult
from dojo.slo import binomial
from dojo.slo.openslo import ServiceLevel, parse
from dojo.slo.sli import Event, events, lateness, tally
from dojo.slo.validity import LATE_S, invalid_because
from tests.support.project import ROOT

LEVEL = parse((ROOT / "katas" / "01-latency" / "slo.yaml").read_text())
ALL = 1000


def run(slow: int, late: int, total: int = ALL) -> tuple[list[Sample], list[Event]]:
    """So many page loads, the first `slow` of them slow, the first `late` of them sent late."""
    page = Journey(LEVEL.journey, (Step("home", "GET", "/"),))
    samples = [
        Sample(
            journey=place,
            step=0,
            request_id=str(place),
            intended_s=1.0,
            sent_s=1.5 if place < late else 1.0,
            done_s=1.6 if place < slow else 1.01,
            status=200,
        )
        for place in range(total)
    ]
    return samples, events(Plan(1, 2.0, (page,) * total), samples)


def results(events: list[Event], level: ServiceLevel = LEVEL) -> list[ObjectiveResult]:
    made = []
    for objective in level.objectives:
        good, total = tally(events, objective.journey, objective.threshold_s)
        decision = binomial.decide(total - good, total, objective.target)
        figures = (objective.target, objective.threshold_s, good, total, decision)
        interval = binomial.interval(good, total)
        made.append(ObjectiveResult(objective.display_name, *figures, interval))
    return made


def reasons(
    samples: list[Sample],
    events: list[Event],
    *,
    stopped_early: bool = False,
    load_factor: float = 1.0,
) -> tuple[str, ...]:
    return invalid_because(
        LEVEL,
        results(events),
        events,
        lateness(samples, LATE_S),
        stopped_early=stopped_early,
        load_factor=load_factor,
    )


def test_a_run_on_time_is_valid() -> None:
    """Green or red."""
    for slow in (0, 500):
        samples, outcomes = run(slow, late=0)
        assert reasons(samples, outcomes) == ()


def test_nothing_sent_says_nothing() -> None:
    """No events, no verdict, of either color."""
    samples = [Sample(0, 0, "a", 1.0, error="not_sent")]
    (reason, *_) = reasons(samples, [])
    assert reason == "the generator sent nothing"
    assert len(reasons([], [])) == 3


def test_red_that_rests_on_late_events_is_invalid() -> None:
    """All that was slow was sent late: that was the machine."""
    samples, outcomes = run(slow=200, late=200)
    assert results(outcomes)[0].verdict == "not_met"
    (reason,) = reasons(samples, outcomes)
    assert reason.startswith("the generator sent 200 of 1000 requests more than 25 ms late")


def test_red_without_the_late_events_stays_red() -> None:
    """A few late ones do not excuse an app that is slow by far."""
    samples, outcomes = run(slow=500, late=20)
    assert reasons(samples, outcomes) == ()


def test_green_with_many_late_events_is_invalid() -> None:
    """The load was another one than the kata asks for."""
    samples, outcomes = run(slow=0, late=11)
    assert len(reasons(samples, outcomes)) == 1
    samples, outcomes = run(slow=0, late=10)
    assert reasons(samples, outcomes) == ()


def test_too_few_events_are_named() -> None:
    """Each objective needs as many as a faultless run must have to be green."""
    samples, outcomes = run(slow=0, late=0, total=200)
    (reason,) = reasons(samples, outcomes)
    assert reason.startswith("200 events are too few for '99% of page loads within 300 ms'")
    assert reasons(samples, outcomes, stopped_early=True) == ()


def test_less_load_can_show_red_and_not_green() -> None:
    """An app is too slow or not known to be fast enough."""
    samples, outcomes = run(slow=0, late=0)
    (reason,) = reasons(samples, outcomes, load_factor=0.5)
    assert reason.startswith("only 0.5 times the kata's load")
    samples, outcomes = run(slow=500, late=0)
    assert reasons(samples, outcomes, load_factor=0.5) == ()


def test_late_events_that_were_good_excuse_nothing() -> None:
    """Only what was late and bad is taken as good."""
    samples, outcomes = run(slow=300, late=0)
    samples = [
        replace(sample, sent_s=1.03, done_s=1.05) if sample.journey >= 900 else sample
        for sample in samples
    ]
    page = Journey(LEVEL.journey, (Step("home", "GET", "/"),))
    outcomes = events(Plan(1, 2.0, (page,) * ALL), samples)
    assert reasons(samples, outcomes) == ()

"""Whether a run says anything about the app."""

from dataclasses import replace

from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from dojo.report import ObjectiveResult
from dojo.slo import verdict
from dojo.slo.openslo import ServiceLevel, parse
from dojo.slo.sli import Event, events, tally
from dojo.slo.validity import invalid_because
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


def held(found: list[Event], level: ServiceLevel = LEVEL) -> list[ObjectiveResult]:
    results = []
    for one in level.objectives:
        good, total = tally(found, one.journey, one.threshold_s)
        decision = verdict.decide(total - good, total, one.target)
        told = (one.display_name, one.target, one.threshold_s, good, total, decision)
        results.append(ObjectiveResult(*told, verdict.interval(good, total)))
    return results


def test_a_run_on_time_is_valid() -> None:
    """Green or red."""
    for slow in (0, 500):
        samples, found = run(slow, late=0)
        assert invalid_because(LEVEL, held(found), found, samples) == ()


def test_nothing_sent_says_nothing() -> None:
    """No events, no verdict, of either color."""
    samples = [Sample(0, 0, "a", 1.0, error="not_sent")]
    (reason, *_) = invalid_because(LEVEL, held([]), [], samples)
    assert reason == "the generator sent nothing"
    assert len(invalid_because(LEVEL, held([]), [], [])) == 3


def test_red_that_rests_on_late_events_is_invalid() -> None:
    """All that was slow was sent late: that was the machine."""
    samples, found = run(slow=200, late=200)
    assert held(found)[0].verdict == "not_met"
    (reason,) = invalid_because(LEVEL, held(found), found, samples)
    assert reason.startswith("the generator sent 200 of 1000 requests more than 25 ms late")


def test_red_without_the_late_events_stays_red() -> None:
    """A few late ones do not excuse an app that is slow by far."""
    samples, found = run(slow=500, late=20)
    assert invalid_because(LEVEL, held(found), found, samples) == ()


def test_green_with_many_late_events_is_invalid() -> None:
    """The load was another one than the kata asks for."""
    samples, found = run(slow=0, late=11)
    assert len(invalid_because(LEVEL, held(found), found, samples)) == 1
    samples, found = run(slow=0, late=10)
    assert invalid_because(LEVEL, held(found), found, samples) == ()


def test_too_few_events_are_named() -> None:
    """Each objective needs as many as a faultless run must have to be green."""
    samples, found = run(slow=0, late=0, total=200)
    (reason,) = invalid_because(LEVEL, held(found), found, samples)
    assert reason.startswith("200 events are too few for '99% of page loads within 300 ms'")
    assert invalid_because(LEVEL, held(found), found, samples, stopped_early=True) == ()


def test_less_load_can_show_red_and_not_green() -> None:
    """An app is too slow or not known to be fast enough."""
    samples, found = run(slow=0, late=0)
    (reason,) = invalid_because(LEVEL, held(found), found, samples, load_factor=0.5)
    assert reason.startswith("only 0.5 times the kata's load")
    samples, found = run(slow=500, late=0)
    assert invalid_because(LEVEL, held(found), found, samples, load_factor=0.5) == ()


def test_late_events_that_were_good_excuse_nothing() -> None:
    """Only what was late and bad is taken as good."""
    samples, found = run(slow=300, late=0)
    samples = [
        replace(one, sent_s=1.03, done_s=1.05) if one.journey >= 900 else one for one in samples
    ]
    assert invalid_because(LEVEL, held(found), found, samples) == ()

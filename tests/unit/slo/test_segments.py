"""The SLI of each segment of the visitors."""

import pytest

from dojo.burst_figures import SegmentSli
from dojo.load.plan import Flow, Journey, Plan, Step
from dojo.load.sample import Sample
from dojo.slo.observation import Mismatch, Observation
from dojo.slo.segments import segment_slis

PAGE = Step("page", "GET", "/")
OLD, NEW = "old customers", "new customers"


def observed(
    *segments: str, wrong: tuple[int, ...] = (), late: tuple[int, ...] = ()
) -> Observation:
    """A visit of each segment, a second apart, and beside them one of another flow."""
    journeys = [
        Journey("visit", (PAGE,), float(at), segment=name) for at, name in enumerate(segments)
    ]
    journeys.append(Journey("order", (PAGE,), 0.5, segment=OLD))
    samples = tuple(
        Sample(
            *(place, 0, "a", each.intended_s, each.intended_s),
            *(each.intended_s + (2.0 if place in late else 0.1), 200),
        )
        for place, each in enumerate(journeys)
    )
    mismatches = {(place, 0): Mismatch("this", "that") for place in wrong}
    return Observation(Plan(1, 12.0, tuple(journeys)), samples, mismatches)


def test_a_total_hides_its_parts() -> None:
    """Three of four visits are good; of one segment it is none, and it stands first."""
    seen = observed(NEW, OLD, NEW, NEW, wrong=(1,))
    assert segment_slis([seen], "visit", 1.0) == (SegmentSli(OLD, 0, 1), SegmentSli(NEW, 3, 3))
    assert [each.sli for each in segment_slis([seen], "visit", 1.0)] == [0.0, 1.0]


def test_segments_go_on_over_all_bursts() -> None:
    """Late is bad, too, as in the SLI; visitors of no segment are in the total alone."""
    bursts = [observed(NEW, OLD, late=(0,)), observed(NEW, OLD, "", wrong=(1,))]
    assert segment_slis(bursts, "visit", 1.0) == (SegmentSli(NEW, 1, 2), SegmentSli(OLD, 1, 2))


@pytest.mark.parametrize("segments", [(), ("", ""), (NEW, NEW)])
def test_one_segment_alone_is_the_total(segments: tuple[str, ...]) -> None:
    """So there is nothing to show."""
    assert segment_slis([observed(*segments)], "visit", 1.0) == ()


def test_a_plan_keeps_the_segments_and_the_generator_never_sees_them() -> None:
    """They are the kata's and the report's."""
    flow = Flow("visit", 5, lambda rng: Journey.of(PAGE, expect="x", segment=NEW))
    plan = Plan.of(1, 2.0, [flow])
    assert {each.segment for each in plan.journeys} == {NEW}
    sent = plan.without_expectations().journeys
    assert {(each.segment, each.expect) for each in sent} == {("", None)}

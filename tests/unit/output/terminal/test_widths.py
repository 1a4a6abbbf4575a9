"""The whole report in the terminal, at every width: nothing is longer, no name is cut."""

from dataclasses import replace

import pytest
from rich.cells import cell_len

from dojo.burst_figures import Pace, Percentiles, SegmentSli, StepTime
from dojo.costs import StepAlone, StepCost
from dojo.output.terminal.report import render
from dojo.output.this_attempt import as_attempt, group_count
from dojo.report import Report
from tests.support.outcomes import OUTCOMES
from tests.support.sample_reports import earlier_attempts, error_group, report

OPEN = Percentiles(12.3, 36.1, 36.1, 36.1, ("p50", "p95", "p99", "max"))
STEPS = (
    StepTime("the second page of results", 480, 12, OPEN, 5000.0),
    StepTime("product", 470, 0, None),
)
GROUP = error_group(
    cause="wrong_content",
    route="GET /search",
    count=755,
    example="GET /search?q=teak at 3.21 s",
    step="the second page of results",
    expected="ten results",
    came="nine",
    log_lines=("2026-03-01 20:15:03,353 INFO shop GET /search 200 12.6 ms",),
)
JOURNEYS = replace(
    report(bad_ratio=0.6),
    steps=STEPS,
    latency_s=OPEN,
    segments=(SegmentSli("customers who came before", 12, 480), SegmentSli("newcomers", 1, 1)),
    bad_events={"wrong_content": 755, "timeout": 12, "http_5xx": 3},
    error_groups=(GROUP, replace(GROUP, cause="timeout", status=None)),
    previous=replace(earlier_attempts(1)[0], latency_s=OPEN, statements_alone=1075.0),
)
ALONE = StepAlone("the second page of results", 0.443, 12, 2, 0.4)
# a saturated site beside an earlier attempt, with all that can stand in the first lines
SATURATED = replace(
    JOURNEYS,
    costs=(StepCost("the second page of results", 0.97, 480, 1169.4, 12_345.6, ALONE),),
    pace=Pace(0, 14.1, 25, keeps_up=False, requests=76),
    previous=replace(
        as_attempt(JOURNEYS),
        number=41,
        pace=Pace(0, 14.1, 25, keeps_up=False, requests=33),
        service_time_s=12.34,
        steps=(replace(STEPS[0], answered=3), replace(STEPS[1], answered=7)),
        groups=(group_count(replace(GROUP, cause="http_5xx", exception="KeyError: 'a name'")),),
    ),
)
SAMPLES = {
    **OUTCOMES,
    "journeys": JOURNEYS,
    "saturated": SATURATED,
    "first": replace(SATURATED, number=1, previous=None),
}


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_every_outcome_fits_and_no_name_is_cut(sample: Report, width: int) -> None:
    """Objectives, checks, causes and steps have their whole names, if on several lines."""
    text = render(sample, width, color=False)
    assert max(map(cell_len, text.splitlines())) <= width
    words = "".join(text.split())
    names = [objective.name for objective in sample.objectives]
    names += [check.name for check in sample.checks]
    names += list(sample.bad_events)
    names += [segment.name for segment in sample.segments]
    for name in names:
        assert "".join(name.split()) in words, name
    for step in sample.steps:
        assert all(part in words for part in step.name.split()), step.name
    statements = [line for line in text.splitlines() if "SELECT" in line]
    assert all("…" not in line for line in text.splitlines() if line not in statements)

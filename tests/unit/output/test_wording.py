"""The sentences that the terminal and the page have in common."""

from dataclasses import replace

import pytest

from dojo.output import wording
from dojo.report import Lateness, Percentiles, Point, StepTime, WhereTimeWent
from tests.support.sample_reports import objective, report, report_of, small_report


def test_a_red_run_names_every_missed_objective_and_the_failed_checks() -> None:
    """It says how many objectives, what was measured for each, and which checks failed."""
    sample = report(bad_ratio=0.3)
    assert wording.conclusion(sample) == (
        "2 of 2 objectives are not met. The site no longer does its job: pages_fresh."
    )
    for missed in sample.objectives:
        assert f"{missed.name}: measured {missed.sli:.1%}" in wording.misses(sample)


def test_one_objective_of_two_is_missed() -> None:
    """The one that is met is not among the misses."""
    missed, met = small_report().objectives
    assert wording.conclusion(small_report(checks=())) == "1 of 2 objectives is not met."
    assert wording.misses(small_report()) == f"{missed.name}: measured 71.0%."
    assert wording.conclusion(small_report(checks=(), objectives=(missed,))) == (
        "The objective is not met."
    )
    assert wording.misses(small_report(objectives=(met,))) == ""


def test_a_green_run_is_concluded_in_one_sentence() -> None:
    """Objectives and checks are both said to be fine."""
    sentence = "Every objective is met, and the site still does its job."
    assert wording.conclusion(report()) == sentence


def test_a_broken_site_within_its_objectives_is_named_as_such() -> None:
    """The objectives are met, and the failed check stands in the conclusion."""
    sample = replace(report(), verdict="not_met", checks=report(bad_ratio=0.3).checks)
    assert wording.conclusion(sample) == (
        "Every objective is met. The site no longer does its job: pages_fresh."
    )


def test_what_is_neither_met_nor_missed_is_within_noise() -> None:
    """One bad event of 40 is too few to tell at 95%."""
    points = tuple(Point(n, 0.01 if n else 9, None) for n in range(40))
    near = objective(points, 0.95, 0.1)
    sentence = wording.misses(replace(report(bad_ratio=0.3), objectives=(near,)))
    assert sentence.endswith("measured 97.5%, within noise of the target.")
    assert wording.interval(near).startswith("99.8% interval of the SLI: ")


def test_nothing_measured_is_said() -> None:
    """Without events there is no SLI to show."""
    assert "nothing was measured" in wording.misses(report_of(()))


def test_statements_of_requests_without_an_answer_are_not_blamed_on_the_others() -> None:
    """Where some were not answered, the statements for each answer are an upper bound."""
    where = WhereTimeWent(statements_per_event=75.5, round_trip_ms=2.0)
    answered = wording.time_went(report_of((Point(0, 0.01, None),)))
    assert answered == []
    (exact,) = wording.time_went(replace(report_of((Point(0, 0.01, None),)), where=where))
    assert exact == (
        "75.5 statements for each answer; at a round trip of 2 ms that is 151 ms on the way."
    )
    (bound,) = wording.time_went(replace(report_of((Point(0, None, "timeout"),)), where=where))
    assert "for each answer at most;" in bound
    assert "that is at most 151 ms" in bound


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        (WhereTimeWent(connections_opened=1), "1 connection to Postgres was opened."),
        (WhereTimeWent(connections_opened=5), "5 connections to Postgres were opened."),
        (
            WhereTimeWent(pool_waits=1, pool_wait_ms=30.0),
            "1 request waited for a pooled connection, 30 ms on average.",
        ),
        (
            WhereTimeWent(pool_waits=0, pool_wait_ms=0.0),
            "No request waited for a pooled connection.",
        ),
        (
            WhereTimeWent(
                waiting_at_end=1, pool_size=2, connections_at_end={"active": 1, "idle": 1}
            ),
            "When the burst ended, 1 request was waiting for one of the app's 2 pooled connections."
            " All of these were in use. Postgres counted 2 connections: 1 active, 1 idle.",
        ),
    ],
)
def test_singular_and_plural_agree_with_the_number(where: WhereTimeWent, sentence: str) -> None:
    """One connection was opened; five were."""
    assert wording.time_went(small_report(where=where)) == [sentence]


def test_of_a_journey_one_step_is_timed_alone() -> None:
    """The sentence names the step, since the event is the whole journey."""
    steps = (StepTime("search", 9, 9, Percentiles(1, 2, 3, 4)),)
    assert wording.alone(small_report(steps=steps)) == (
        "A single search takes 15 ms with nobody else on the site."
    )
    assert wording.alone(small_report()).startswith("A single request takes 15 ms")
    assert wording.alone(small_report(service_time_s=None)) == ""


def test_the_machine_is_told_as_far_as_it_is_known() -> None:
    """What is unknown is left out."""
    known = {"postgres": "18.6", "provider": "docker", "cpus": 1, "python": None}
    assert wording.machine(known) == "Postgres 18.6 (docker), CPUs: 1."
    assert wording.machine({}) == ""


def test_groups_that_are_left_out_are_counted() -> None:
    """Events and groups, each in its number."""
    assert wording.smaller_groups(1, 1) == "and 1 more, in 1 smaller group"
    assert wording.smaller_groups(1200, 3) == "and 1,200 more, in 3 smaller groups"


def test_the_generators_lateness_has_its_counts() -> None:
    """Requests, percentile, maximum, and how many were too late."""
    assert wording.lateness(Lateness(0.001, 0.002, 0.0031, 4, 200)) == (
        "The generator sent 200 requests: p99 2.0 ms late, at most 3.1 ms; 4 later than allowed."
    )


def test_percentiles_say_over_whom_they_are() -> None:
    """Those without an answer are in none of them."""
    points = small_report().points
    assert wording.answers(small_report()) == (
        "How long 190 of 200 page loads took; the others got no answer"
    )
    assert wording.answers(small_report(points=points[:190])) == "How long the page loads took"
    steps = (StepTime("search", 9, 0, None),)
    assert wording.answers(small_report(latency_s=None)) == "Nobody got an answer."
    assert wording.answers(small_report(latency_s=None, steps=steps)) == (
        "Nobody came to the end of the journey."
    )

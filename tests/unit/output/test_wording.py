"""The sentences that the terminal and the page have in common."""

from dataclasses import replace

import pytest

from dojo.burst_figures import Lateness, Percentiles, Point, StepTime
from dojo.output import run_wording, wording
from tests.support.sample_reports import error_group, objective, small_report


def test_what_is_too_close_to_call_has_an_interval() -> None:
    """One bad event of 40 is too few to tell at 95%."""
    points = tuple(Point(n, 0.01 if n else 9, None) for n in range(40))
    near = objective(points, 0.95, 0.1)
    assert wording.interval(near).startswith("99.8% interval of the SLI: ")


@pytest.mark.parametrize(
    ("looks", "burst_s", "sentence"),
    [
        (1, 12, "200 page loads at 50 a second for 12 s: only at its end red was certain."),
        (
            1,
            4.0,
            "200 page loads at 50 a second, stopped after 4.0 of 12 s, since green was no longer"
            " possible.",
        ),
        (3, 36, "200 page loads at 50 a second, in 3 bursts of 12 s."),
        (
            2,
            17.2,
            "200 page loads at 50 a second, in 2 bursts; the last one stopped after 5.2 of 12 s,"
            " since green was no longer possible.",
        ),
    ],
)
def test_the_load_has_its_bursts(looks: int, burst_s: float, sentence: str) -> None:
    """How many there were is said if there was more than one."""
    assert wording.load(small_report(looks=looks, burst_s=burst_s)) == sentence


def test_a_second_run_is_said_to_be_one() -> None:
    """The first one is in no figure."""
    assert wording.load(small_report(repeated=True, burst_s=12, slo="met")) == (
        "200 page loads at 50 a second for 12 s. The run before it was disturbed and says nothing."
    )


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ({}, ""),
        ({"outside_cores": 0.01, "run_queue_delay": 0.4}, ""),
        ({"outside_cores": 0.96}, "During the bursts other programs used 1.0 cores."),
        (
            {"outside_cores": 0.5, "run_queue_delay": 0.41},
            "During the bursts other programs used 0.5 cores and the run's own threads, all"
            " together, waited 0.4 s a second for a CPU.",
        ),
        (
            {"outside_cores": 0.0, "run_queue_delay": 55.0},
            "During the bursts the run's own threads, all together, waited 55.0 s a second for a"
            " CPU.",
        ),
        ({"outside_cores": 0.0, "run_queue_delay": None}, ""),
    ],
)
def test_others_on_the_machine_are_named_when_they_matter(
    figures: dict[str, float | None], sentence: str
) -> None:
    """On a quiet machine there is nothing to say."""
    assert run_wording.others(figures) == sentence


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({}, ""),
        ({"outside_cores": 0.4, "run_queue_delay": 0.0}, ""),
        ({"run_queue_delay": None}, "This system does not tell how long the app waited"),
        ({"run_queue_delay": None, "outside_cores": None}, "This system does not tell"),
        ({"run_queue_delay": 0.1, "outside_cores": None}, "This system hides other users'"),
    ],
)
def test_a_figure_that_can_not_be_had_is_said_to_be_missing(
    figures: dict[str, float | None], words: str
) -> None:
    """And what that means for the verdict."""
    sentence = run_wording.not_seen(figures)
    assert sentence.startswith(words)
    assert bool(sentence) == bool(words)


def test_what_the_app_noted_when_nobody_waited_is_explained() -> None:
    """499 is no status of HTTP, and whoever reads it wonders."""
    line = "2026-11-27 12:00:00,000 INFO shop GET / {} 3100.0 ms id=a"
    left = error_group(cause="timeout", log_lines=(line.format(499),))
    assert wording.log_of(left).endswith("nobody waited any longer (it notes that as 499)")
    answered = error_group(cause="timeout", log_lines=(line.format(200),))
    assert wording.log_of(answered).endswith("nobody waited any longer")
    assert wording.log_of(error_group(cause="slow", log_lines=(line.format(200),))) == "app"


def test_fewer_usable_cores_than_cpus_are_said() -> None:
    """By an affinity or a quota."""
    assert run_wording.machine({"cpus": 4, "usable_cores": 1.5}) == "CPUs: 4, usable cores: 1.5."
    assert run_wording.machine({"cpus": 4, "usable_cores": 4.0}) == "CPUs: 4."


def test_a_journeys_time_alone_is_the_journeys() -> None:
    """The event is the whole journey; where only a request was sent, it is the request's."""
    steps = (StepTime("search", 9, 9, Percentiles(1, 2, 3, 4)),)
    assert wording.alone(small_report(steps=steps)) == (
        "A single journey takes 15 ms with nobody else on the site."
    )
    first = small_report(steps=steps, journey_alone=False)
    assert wording.alone(first).startswith("A single request takes 15 ms")
    assert wording.alone(small_report()).startswith("A single request takes 15 ms")
    assert wording.alone(small_report(service_time_s=None)) == ""


def test_the_machine_is_told_as_far_as_it_is_known() -> None:
    """What is unknown is left out."""
    known = {"postgres": "18.6", "provider": "docker", "cpus": 1, "python": None}
    assert run_wording.machine(known) == "Postgres 18.6 (docker), CPUs: 1."
    assert run_wording.machine({}) == ""


def test_groups_that_are_left_out_are_counted() -> None:
    """Events and groups, each in its number."""
    assert wording.smaller_groups(1, 1) == "and 1 more, in 1 smaller group"
    assert wording.smaller_groups(1200, 3) == "and 1,200 more, in 3 smaller groups"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, ""),
        (1, "1 request was sent again, once, as a browser does: the server had closed its"),
        (3, "3 requests were sent again, once, as a browser does: the server had closed their"),
    ],
)
def test_requests_that_were_sent_again_are_told(count: int, words: str) -> None:
    """How many, and why that is no fault."""
    sentence = run_wording.sent_again(small_report(sent_again=count))
    assert sentence.startswith(words)
    assert bool(sentence) == bool(words)


@pytest.mark.parametrize(("count", "words"), [(0, ""), (1, "hint 1."), (4, "--hint 1 to 4.")])
def test_hints_are_counted(count: int, words: str) -> None:
    """How many were given by then, and how to see them again."""
    sentence = wording.hints(small_report(hints=count))
    assert sentence.endswith(words)
    assert sentence.startswith(f"Hints so far: {count};" if count else "")


def test_the_generators_lateness_has_its_counts() -> None:
    """Requests, percentile, maximum, and how many were too late."""
    assert run_wording.lateness(Lateness(0.001, 0.002, 0.0031, 4, 200)) == (
        "The generator sent 200 requests: p99 2.0 ms late, at most 3.1 ms; 4 later than allowed."
    )


def test_percentiles_say_over_whom_they_are() -> None:
    """How many got an answer, and how the others count."""
    points = small_report().points
    assert wording.answers(small_report()) == (
        "How long the page loads took: 190 of 200 got an answer"
    )
    assert wording.answers(small_report(points=points[:190])) == "How long the page loads took"
    steps = (StepTime("search", 9, 0, None),)
    lost = points[190:]
    assert wording.answers(small_report(points=lost)) == "Nobody got an answer."
    assert wording.answers(small_report(points=lost, steps=steps)) == (
        "Nobody came to the end of the journey."
    )


def test_another_load_than_the_katas_is_said() -> None:
    """Beside the rate at which it was sent."""
    half = small_report(rate_per_s=25, environment={"load_factor": 0.5})
    assert "at 25 a second (0.5 times the kata's load)" in wording.load(half)
    assert "times" not in wording.load(small_report(environment={"load_factor": 1.0}))


def test_a_lower_bound_is_said_to_be_one() -> None:
    """The percentile of somebody who got no answer is "over" what they had waited."""
    times = Percentiles(0.02, 3.1, 3.1, 3.5, ("p95", "p99", "max"))
    assert (
        wording.percentiles(times)
        == "p50 20 ms   p95 over 3.10 s   p99 over 3.10 s   max over 3.50 s"
    )
    assert wording.percentile(times, "p95", ">") == ">3.10 s"
    assert wording.percentile(None, "p95") == "-"
    assert wording.lower_bounds(small_report(latency_s=replace(times, at_least=()))) == ""
    assert wording.lower_bounds(small_report(latency_s=times)).startswith("Who got no answer")


def test_a_time_alone_above_the_median_is_no_floor() -> None:
    """It is said, and nothing is said to wait."""
    report = small_report(service_time_s=0.023, latency_s=Percentiles(0.012, 0.022, 0.03, 0.04))
    assert wording.alone_is_slower(report)
    assert "Half of those under load took less" in wording.alone(report)
    assert not wording.alone_is_slower(replace(report, service_time_s=0.01))


def test_what_failed_is_not_called_unfinished() -> None:
    """A journey that failed on the way has no end, either."""
    steps = (StepTime("log in", 2, 1, None),)
    failed = small_report(steps=steps, points=(Point(0, None, "http_5xx"),))
    assert wording.what_no_answer_is(failed) == "no end: a step failed"
    late = replace(failed, points=(Point(0, None, "timeout"),))
    assert wording.what_no_answer_is(late) == "no end: the burst was over"

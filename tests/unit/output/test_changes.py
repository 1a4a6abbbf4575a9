"""What changed since an earlier attempt."""

from dataclasses import replace

from dojo.burst_figures import Pace, Percentiles, Point, StepTime
from dojo.costs import WhereTimeWent
from dojo.earlier_attempt import EarlierAttempt
from dojo.output.changes import changes, headline_change
from dojo.output.this_attempt import as_attempt
from dojo.report import Report
from tests.support.sample_reports import error_group, small_report

SATURATED = Pace(16, 5.0, 80, keeps_up=False)
FASTER = Pace(48, 5.0, 80, keeps_up=False)
BEFORE = small_report(
    number=1,
    pace=SATURATED,
    service_time_s=0.738,
    where=WhereTimeWent(pool_waits=100, pool_wait_ms=189_000.0, loop_blocked_share=0.47),
)


def now(before: Report = BEFORE, **changed: object) -> Report:
    report = replace(before, number=2, previous=as_attempt(before))
    return replace(report, **changed)  # type: ignore[arg-type]


def lines(report: Report) -> str:
    return "\n".join(changes(report))


def test_a_figure_moves_with_every_fix() -> None:
    """While the SLI stands still the pace and the time alone do not."""
    report = now(pace=FASTER, service_time_s=0.199)
    assert headline_change(report) == (
        "Since attempt 1: 3.2 → 9.6 page loads answered a second, alone 738 ms → 199 ms."
    )
    assert "95% within 100 ms: still 71.0%" in lines(report)


def test_an_sli_that_stands_still_never_stands_alone() -> None:
    """Then it is said that nothing has moved."""
    assert headline_change(now()) == (
        "Since attempt 1 nothing has moved: neither the pace, the time alone, nor the SLI."
    )
    assert "→" not in headline_change(now())


def test_a_site_that_keeps_up_at_last_is_told_so() -> None:
    """Its answers are no longer a capacity, so they are no figure to compare."""
    report = now(pace=replace(FASTER, keeps_up=True))
    assert "3.2 page loads answered a second → all 80 that come" in headline_change(report)
    too_few_to_say = now(pace=replace(FASTER, keeps_up=None))
    assert "3.2 → 9.6 page loads answered a second" in headline_change(too_few_to_say)


def test_the_sli_that_moved_most_is_in_the_headline() -> None:
    """With the objective's name."""
    better = replace(BEFORE.objectives[0], good=190)
    report = now(objectives=(better, BEFORE.objectives[1]))
    assert headline_change(report) == "Since attempt 1: SLI 71.0% → 95.0% (95% within 100 ms)."


def test_waiting_and_the_loop_are_compared() -> None:
    """The mean wait for a connection, and the share of the burst."""
    where = WhereTimeWent(pool_waits=10, pool_wait_ms=90.0, loop_blocked_share=0.03)
    text = lines(now(where=where))
    assert "the wait for a connection 1.89 s → 9 ms" in text
    assert "the event loop blocked 47% → 3% of the burst" in text


def test_a_step_is_compared_only_with_attempts_that_reached_it() -> None:
    """Where it was not answered before, it is answered for the first time."""
    slow, quick = Percentiles(1.89, 2, 2, 2), Percentiles(0.24, 2, 2, 2)
    before = replace(
        BEFORE, steps=(StepTime("search", 90, 33, slow), StepTime("product", 1, 0, slow))
    )
    after = (StepTime("search", 90, 80, quick), StepTime("product", 70, 60, quick))
    text = lines(now(before, steps=after))
    assert "by step, p50: search 1.89 s → 240 ms" in text
    assert "answered for the first time: product" in text
    assert "product 1.89" not in text
    back = replace(before, steps=after)
    assert "no longer answered: product" in lines(now(back, steps=before.steps))


def test_groups_of_bad_events_are_gone_new_grown_or_shrunk() -> None:
    """By what they have in common, as shares of all events; a handful is not counted."""
    failing = error_group(cause="http_5xx", status=500, exception="KeyError: 'name'", count=40)
    slow, few = error_group(count=60), error_group(route="GET /me", count=3)
    before = replace(BEFORE, error_groups=(failing, slow, few))
    lost = error_group(cause="timeout", status=None, route="POST /login", step="log in", count=90)
    text = lines(now(before, error_groups=(replace(slow, count=20), lost)))
    assert "bad events gone: http_5xx 500 GET / KeyError: 'name', 40 → 0" in text
    assert "bad events new: timeout POST /login (log in), 90" in text
    assert "bad events shrunk: slow GET /, 60 → 20" in text
    assert "/me" not in text
    grown = lines(now(before, error_groups=(failing, replace(slow, count=120))))
    assert "bad events grown: slow GET /, 60 → 120" in grown
    assert "http_5xx" not in grown


def test_an_attempt_of_which_little_is_known_is_compared_by_that() -> None:
    """As one of an older version is; other conditions are not compared at all."""
    old = EarlierAttempt(1, "not_met", {"95% within 100 ms": 0.1}, None, None)
    report = replace(BEFORE, number=2, previous=old)
    assert headline_change(report) == "Since attempt 1: SLI 10.0% → 71.0% (95% within 100 ms)."
    assert changes(report) == ["95% within 100 ms: 10.0% → 71.0%"]
    elsewhere = replace(old, conditions={"provider": "docker"})
    assert changes(replace(report, previous=elsewhere)) == []
    assert headline_change(replace(report, previous=None)) == ""


def test_the_time_of_a_journey_is_not_held_against_that_of_a_request() -> None:
    """An older attempt knows what its first step took."""
    before = replace(as_attempt(BEFORE), journey_alone=False)
    report = replace(BEFORE, previous=before, service_time_s=0.1)
    assert "alone" not in headline_change(report).replace("the time alone", "")
    assert "request alone" not in lines(report)


def test_a_stopped_burst_is_compared_over_its_own_seconds() -> None:
    """A correct fix that makes the burst go on is no step back."""
    refused = error_group(cause="http_4xx", status=401, route="POST /login", count=27)
    half = tuple(Point(n / 80, 0.01, None if n % 2 else "http_4xx") for n in range(248))
    before = replace(BEFORE, burst_s=3.1, points=half, error_groups=(refused,))
    kept = tuple(Point(n / 80, 0.01 if n < 400 else None, None) for n in range(960))
    worse = tuple(replace(each, good=each.good // 2) for each in BEFORE.objectives)
    late = error_group(cause="timeout", count=560)
    report = now(before, burst_s=12.0, points=kept, objectives=worse, error_groups=(late,))
    line = headline_change(report)
    assert "gone: http_4xx 401 POST /login" in line
    assert "SLI of the first 2.8 s 49.8% → 100.0%" in line
    assert "attempt 1 went on for 3.1 s, this one for 12.0 s" in line
    assert "timeout" not in lines(report)
    assert "p50" not in lines(report)


def test_the_time_alone_varies_by_chance() -> None:
    """A few milliseconds are no progress; statements under load are exact."""
    before = replace(BEFORE, service_time_s=0.032, where=WhereTimeWent(statements_per_event=21.5))
    report = now(before, service_time_s=0.024, where=WhereTimeWent(statements_per_event=2.4))
    assert headline_change(report) == "Since attempt 1: 21.5 → 2.4 statements each under load."
    assert "alone 32 ms → 24 ms (may be chance)" in lines(report)
    assert "under load 21.5 → 2.4 statements for each of the page loads" in lines(report)


def test_a_loop_that_is_hardly_blocked_is_not_compared() -> None:
    """1% and 4% are both nothing."""
    before = replace(BEFORE, where=WhereTimeWent(loop_blocked_share=0.01))
    assert "blocked" not in lines(now(before, where=WhereTimeWent(loop_blocked_share=0.04)))


def test_fewer_statements_alone_are_progress_before_any_other_figure_moves() -> None:
    """They are counted exactly; a queue may hide all else."""
    before = replace(BEFORE, where=WhereTimeWent(statements_alone=23))
    report = now(before, where=WhereTimeWent(statements_alone=7))
    assert headline_change(report) == "Since attempt 1: 23 → 7 statements alone."

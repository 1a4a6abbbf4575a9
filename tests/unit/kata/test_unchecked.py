"""Checks that could judge next to nothing: they are neither passed nor failed."""

from dataclasses import replace
from typing import cast

from dojo.kata.burst import Burst
from dojo.kata.checks import metrics_agree, run_checks
from dojo.kata.contract import Check, Evidence, Finding, Site
from dojo.kata.exposition import Exposition
from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from katas.shop.checks.pages import answers_fresh, answers_right

HOME = Journey("page load", (Step("home", "GET", "/"),))
PASS, FAIL = Finding(True, "fine"), Finding(False, "broken")
NOTHING = Exposition(())


def counted_answers(*counts: tuple[str, int, int]) -> Exposition:
    """Of GETs: (route, status, how many)."""
    return Exposition(
        tuple(
            (
                "http_server_request_duration_seconds_count",
                {
                    "http_request_method": "GET",
                    "http_route": route,
                    "http_response_status_code": str(status),
                },
                float(count),
            )
            for route, status, count in counts
        )
    )


def evidence(answered: int, *, stopped_early: bool = True) -> Evidence:
    """Of 100 planned page loads so many were answered, before the burst was stopped."""
    samples = tuple(Sample(n, 0, "a", 0.0, 0.0, 0.1, 200) for n in range(answered))
    counted = counted_answers(("/", 200, answered))
    burst = Burst("page load", Plan(1, 10, (HOME,) * 100), samples, 2.0, NOTHING, counted)
    return Evidence(burst, {}, cast(Site, None), {}, stopped_early)


def test_a_pass_on_next_to_nothing_is_no_pass() -> None:
    """Below a tenth of what the plan holds, stopped early or not; a failure stands."""
    early = evidence(3)
    assert early.weighed(PASS, 9, 100).passed is None
    assert early.weighed(PASS, 10, 100) is PASS
    assert early.weighed(FAIL, 1, 100) is FAIL
    assert early.weighed(PASS, 0, 0).passed is None
    assert early.weighed(PASS, 0, 5).passed is None
    assert early.weighed(PASS, 1, 5) is PASS
    assert "stopped early" in early.weighed(PASS, 1, 100).detail
    assert "Hardly any" in replace(early, stopped_early=False).weighed(PASS, 1, 100).detail


def test_the_katas_checks_weigh_what_they_judged() -> None:
    """Three of 100 pages say nothing, 30 do; nothing at all is not checked either."""
    checks = (
        Check("right", answers_right("pages", "home")),
        Check("fresh", answers_fresh("home")),
        metrics_agree("/"),
    )
    for answered, stopped_early, passed in (
        (3, True, None),
        (30, True, True),
        (3, False, None),
    ):
        results = run_checks(checks, evidence(answered, stopped_early=stopped_early))
        assert [each.passed for each in results] == [passed] * 3, answered
    results = run_checks(checks, evidence(0))
    assert [each.passed for each in results] == [None] * 3
    assert {each.detail for each in results} == {
        "The burst was stopped early, so too little came to be judged."
    }


def test_a_route_that_nobody_asks_for_is_not_checked() -> None:
    """A misspelt route agrees with /metrics in 0 of 0 answers, which says nothing."""
    (result,) = run_checks([metrics_agree("/serach")], evidence(97, stopped_early=False))
    assert result.unchecked


def test_a_count_that_is_gone_is_told_as_that() -> None:
    """An app that hangs after the burst answers no /metrics; nothing was counted below zero."""
    whole = evidence(30, stopped_early=False)
    gone = replace(whole, burst=replace(whole.burst, before=whole.burst.after, after=NOTHING))
    (result,) = run_checks([metrics_agree("/")], gone)
    assert result.failed
    assert "no longer had what it had counted" in result.detail
    (result,) = run_checks([metrics_agree("/")], replace(gone, stopped_early=True))
    assert result.unchecked


def test_who_got_no_good_answer_is_accounted_for() -> None:
    """Fewer good answers than requests: it is said what became of the others."""
    seen = evidence(97, stopped_early=False)
    lost = (
        Sample(97, 0, "a", 0.0, 0.0, None, None, "timeout"),
        Sample(98, 0, "a", 0.0, 0.0, 0.1, 303),
        Sample(99, 0, "a", 0.0, 0.0, 0.1, 303),
    )
    counted = counted_answers(("/", 200, 97), ("/", 303, 2))
    burst = replace(seen.burst, samples=(*seen.burst.samples, *lost), after=counted)
    (result,) = run_checks([metrics_agree("/")], replace(seen, burst=burst))
    assert result.passed
    assert result.detail.endswith(
        "visitors received 97 of the 100 that they asked for (the others: 1 no answer, 2 status"
        " 303)."
    )
    (result,) = run_checks([metrics_agree("/")], seen)
    assert result.detail.endswith("visitors received 97.")


def test_an_answer_of_any_route_must_be_counted_with_its_status() -> None:
    """A refusal that is counted nowhere, or as something else, is found; any route will do."""
    seen = evidence(97, stopped_early=False)
    refused = Sample(98, 0, "a", 0.0, 0.0, 0.1, 401)
    burst = replace(seen.burst, samples=(*seen.burst.samples, refused))
    for counts, passed in (
        ([("/", 200, 97)], False),
        ([("/", 200, 97), ("/me", 400, 1)], False),
        ([("/", 200, 97), ("/me", 401, 1)], True),
        ([("/", 200, 97), ("/me", 401, 3)], True),
    ):
        after = counted_answers(*counts)
        (result,) = run_checks(
            [metrics_agree("/")], replace(seen, burst=replace(burst, after=after))
        )
        assert result.passed is passed, counts
    assert "all routes" in run_checks([metrics_agree("/")], replace(seen, burst=burst))[0].detail

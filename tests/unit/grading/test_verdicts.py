"""What a run in the sandbox came to."""

from typing import Any

import pytest

from dojo.grading.verdicts import attempt_of, junit_messages, postgres_ended, with_differing
from dojo.kata.hint_book import parse_hints
from dojo.output.cohort import Attempt

DEPTHS = "### Nudge\nx\n### Pointer\nx\n### Almost there\nx\n"
BOOK = parse_hints(
    f"## General: a\nx\n## Cause: scans\nfault: f\nwhen: slowest_statement_ms > 9\n{DEPTHS}"
    f'## Cause: loop\nfault: g\nwhen: missed("95%") > 0\n{DEPTHS}'
)
FACTS: dict[str, Any] = {
    "verdict": "not_met",
    "objectives": [
        {
            "name": "95% in time",
            "target": 0.95,
            "sli": 0.5,
            "good": 5,
            "total": 10,
            "verdict": "not_met",
        }
    ],
    "checks": [{"name": "pages_right", "passed": False}, {"name": "restarts", "passed": None}],
    "latency_s": {"p50": 0.25, "p95": None},
    "pace": {"answered": 50, "length_s": 10.0, "come_per_s": 80.0},
}


LOG = "collected 1 item\nKilled\n\n"


def junit(inside: str) -> str:
    return (
        f"<testsuites><testsuite><testcase/><testcase>{inside}</testcase></testsuite></testsuites>"
    )


def judged(facts: dict[str, Any] | None, inside: str = "") -> Attempt:
    return attempt_of(facts, junit(inside), LOG, BOOK, "2026-01-01T00:00:00+00:00", 7.0)


def test_a_red_report() -> None:
    """Its figures, its failed checks, the causes whose signs it shows, and pytest's reason."""
    attempt = judged(FACTS, "<failure>NOT MET: 95% in time. The report is below.</failure>")
    assert (attempt.outcome, attempt.reason) == ("not_met", "95% in time.")
    assert [(each.name, each.good, each.total) for each in attempt.objectives] == [
        ("95% in time", 5, 10)
    ]
    assert (attempt.p50_ms, attempt.p95_ms) == (250, None)
    assert (attempt.answered_per_s, attempt.come_per_s) == (5, 80)
    assert (attempt.failed_checks, attempt.causes) == (("pages_right",), ("loop",))


def test_a_green_report() -> None:
    """Neither a reason nor a cause."""
    attempt = judged({**FACTS, "verdict": "met", "checks": []})
    assert (attempt.outcome, attempt.reason, attempt.causes) == ("met", "", ())


def test_a_report_of_simulated_data() -> None:
    """It has no times and no pace."""
    facts = {each: FACTS[each] for each in ("verdict", "objectives", "checks")}
    attempt = judged(facts)
    assert (attempt.p50_ms, attempt.answered_per_s, attempt.come_per_s) == (None, None, None)


def test_an_app_that_broke_down() -> None:
    """A failure without a report is the app's, an error is ours."""
    attempt = judged(None, "<failure>AppDied: It ended.\nmore</failure>")
    assert (attempt.outcome, attempt.reason) == ("broken", "AppDied: It ended.")
    attempt = judged(None, "<error message='BadSetting: no'/>")
    assert (attempt.outcome, attempt.reason) == ("invalid", "BadSetting: no")
    attempt = judged(None)
    assert attempt.outcome == "invalid"
    assert attempt.reason == "the run left no report; the last that it said: Killed"


POSTGRES = "PostgresUnavailable: Postgres (embedded) does not answer any more: refused"


@pytest.mark.parametrize(
    ("messages", "line"),
    [
        ([], ""),
        ([("failure", "AppDied: It ended.")], ""),
        ([("error", f"failed on teardown\n{POSTGRES}")], POSTGRES),
        ([("error", "a bug of ours\nOperationalError: the connection is closed")], "Operational"),
        ([("failure", "psycopg.errors.AdminShutdown: terminating")], "psycopg.errors.Admin"),
    ],
)
def test_how_postgres_ended(messages: list[tuple[str, str]], line: str) -> None:
    """By what whoever wanted to use it says, in whatever part of the run."""
    assert postgres_ended(messages).startswith(line)
    assert bool(postgres_ended(messages)) == bool(line)


def test_who_kills_postgres_broke_down() -> None:
    """Whatever pytest made of it; a report that was written all the same counts."""
    attempt = judged(None, f"<error>a bug of ours</error><error>{POSTGRES}</error>")
    assert attempt.outcome == "broken"
    assert attempt.reason == f"Postgres ended before the run did: {POSTGRES}"
    assert judged(FACTS, f"<error>{POSTGRES}</error>").outcome == "not_met"


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"verdict": "great"},
        {**FACTS, "objectives": None},
        {**FACTS, "checks": ["x"]},
        {**FACTS, "pace": 3},
        {**FACTS, "latency_s": {"p50": "x"}},
    ],
)
def test_a_report_that_is_none(facts: dict[str, Any]) -> None:
    """The submission's code could have written it: it is a run that says nothing."""
    assert judged(facts).outcome == "invalid"


@pytest.mark.parametrize("text", ["", "no xml", "<a>", "<testsuites/>", "<x><testcase/></x>"])
def test_a_junit_file_that_says_nothing(text: str) -> None:
    """Also one that was cut."""
    assert junit_messages(text) == []


def test_a_traceback_is_no_reason() -> None:
    """Of an unexpected exception its message is taken; else the text, without pytest's words."""
    text = junit("<failure message='ValueError: no'>def f():\n    raise</failure>")
    assert junit_messages(text) == [("failure", "ValueError: no")]
    text = junit("<failure message='Failed: A: cut here, and more'>A: cut here, and more</failure>")
    assert junit_messages(text) == [("failure", "A: cut here, and more")]


def test_graded_files_that_differ() -> None:
    """Such a submission is not solved, whatever its app does; an invalid run stays one."""
    met = judged({**FACTS, "verdict": "met"})
    assert with_differing(met, ()) == met
    differs = with_differing(met, tuple(f"dojo/{n}.py" for n in range(7)))
    assert differs.outcome == "differs"
    assert differs.reason.startswith("dojo/0.py, ")
    assert differs.reason.endswith("dojo/4.py and 2 more. With those of the release: met")
    assert with_differing(judged(None), ("dojo/x.py",)).outcome == "invalid"

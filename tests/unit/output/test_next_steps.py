"""What a learner can do next."""

from dataclasses import replace
from typing import Any

import pytest

from dojo.output.next_steps import next_steps
from dojo.report import Culprit, Report
from tests.support.sample_reports import small_report


@pytest.mark.parametrize("verdict", ["met", "not_met", "undecided", "invalid"])
def test_the_page_comes_last_and_only_if_there_is_one(verdict: str) -> None:
    """A page that could not be written is not named."""
    report = replace(small_report(), verdict=verdict)  # type: ignore[arg-type]
    assert next_steps(report, "facts.json", "latest.html")[-1].endswith("a page: latest.html")
    assert not any("page" in line for line in next_steps(report, "facts.json", None))


def test_who_is_not_done_is_told_the_next_command() -> None:
    """The same kata again, or its hint; the solution is named only when it is solved."""
    lines = "\n".join(next_steps(small_report(), "facts.json", None))
    assert "Edit app/, then: ./run pytest katas/01-latency\n" in lines
    assert "./run pytest katas/01-latency --hint" in lines
    assert "solution" not in lines


def test_who_is_done_is_told_what_next() -> None:
    """One more question, the next kata, another solution."""
    after = ("One more question: a", "The next kata: b")
    met = next_steps(small_report(verdict="met"), "facts.json", None, after)
    assert met[:2] == ("Solved. One more question: a", "The next kata: b")
    assert met[2].endswith("katas/01-latency/.meta/solution.md")
    assert next_steps(small_report(verdict="met"), "facts.json", None)[0] == "Solved."


def test_at_more_load_the_next_step_looks_for_the_end() -> None:
    """More of it after green; less where something gave out."""
    more = {"environment": {"load_factor": 2.0}}
    met = next_steps(small_report(verdict="met", **more), "facts.json", None, ("a question",))
    assert met[0].endswith("Where does it end? ./run pytest katas/01-latency --load-factor 3")
    too_much = small_report(verdict="invalid", invalid_because=("it was too much",), **more)
    first, second = next_steps(too_much, "facts.json", None)
    assert first.endswith("./run pytest katas/01-latency --load-factor 1.33")
    assert second == "The kata's own load: ./run pytest katas/01-latency"


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        (
            {"disturbed": True, "culprits": (Culprit(7, "updatedb", 0.96),)},
            "End 'updatedb' (7) or wait until it is done, then run it again: ",
        ),
        (
            {"disturbed": True},
            "Run it where it may use more or faster cores, or has them to itself: ",
        ),
        ({}, "Change what is named above, then run it again: "),
        (
            {"culprits": (Culprit(7, "updatedb", 0.96),)},
            "Change what is named above, then run it again: ",
        ),
    ],
)
def test_an_invalid_run_says_what_must_be_different(changes: Any, beginning: str) -> None:
    """Who disturbed it is named; nothing else is worth doing, since it says nothing."""
    (line,) = next_steps(small_report(verdict="invalid", **changes), "facts.json", None)
    assert line == f"{beginning}./run pytest katas/01-latency"


@pytest.mark.parametrize(
    ("report", "beginning"),
    [
        (small_report(), "Edit app/, then: "),
        (small_report(verdict="undecided"), "Close: see what the bad events have in common, edit"),
        (small_report(slo="met"), "Fast enough: now mend what a check found broken, in app/, then"),
        (small_report(slo="undecided"), "Edit app/, then: "),
    ],
)
def test_the_first_step_fits_the_outcome(report: Report, beginning: str) -> None:
    """Too slow, too close to call, or fast enough and broken."""
    lines = next_steps(report, "facts.json", None)
    assert lines[0].startswith(beginning)
    assert lines[0].endswith(", then: ./run pytest katas/01-latency")

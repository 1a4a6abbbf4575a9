"""The page of a cohort."""

import re
from dataclasses import replace

from dojo.output.cohort import OUTCOMES
from dojo.output.html.cohort_page import render
from tests.support.cohorts import COHORT, KATA, row

PAGE = render(COHORT)


def test_it_says_who_solved_it_and_what_is_left() -> None:
    """Each name, each outcome, the causes in most, and each attempt."""
    assert "<h1>2 of 10 submissions solved it</h1>" in PAGE
    for each in COHORT.rows:
        assert each.name in PAGE
    for words in OUTCOMES.values():
        assert words in PAGE
    assert re.search(r"<b>2 of 6</b>\s+loop", PAGE)
    assert "958 / 960" in PAGE
    assert "before: 2026-11-27 10:00:00 UTC" in PAGE
    assert "the same as anna" in PAGE


def test_it_needs_nothing_else() -> None:
    """No script, no address outside; what a submission says is text."""
    assert "<script" not in PAGE
    assert not re.findall(r'(?:src|href)="(?!reports/|#|data:)', PAGE)
    assert "&lt;b&gt;now&lt;/b&gt;" in PAGE
    assert "default-src 'none'" in PAGE


def test_several_katas_have_a_table_of_who_solved_what() -> None:
    """A submission's outcome for each; of one kata alone there is none."""
    assert "Who solved what" not in PAGE
    more = tuple(replace(each, kata="04-alerts") for each in COHORT.rows[:2])
    page = render(
        replace(COHORT, katas={KATA: "Slow", "04-alerts": "Pager"}, rows=(*COHORT.rows, *more))
    )
    assert "Who solved what" in page
    assert '<a href="#04-alerts">' in page
    assert "<h1>10 submissions, 2 katas: 3 of 12 solved</h1>" in page


def test_a_cohort_without_a_report_has_no_bars() -> None:
    """Nothing is divided by no submission."""
    page = render(replace(COHORT, rows=(COHORT.rows[5],)))
    assert "still left in most" not in page
    assert row("x", COHORT.rows[5].last).page == ""


def test_a_share_of_nothing_is_none() -> None:
    """An objective without an event has no SLI to show."""
    attempt = COHORT.rows[0].last
    empty = replace(attempt, objectives=(replace(attempt.objectives[0], good=0, total=0, sli=0.0),))
    page = render(replace(COHORT, rows=(row("x", empty),)))
    assert "none</span><small>0 / 0</small>" in page
    assert "0.0%" not in page

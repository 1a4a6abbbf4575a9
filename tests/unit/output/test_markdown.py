"""Reports as Markdown."""

import re
from dataclasses import replace

import pytest
from hypothesis import given

from dojo.output.markdown import MOST_GROUPS, summaries, summary
from dojo.output.this_attempt import as_attempt
from dojo.report import Report
from tests.support.random_reports import reports
from tests.support.sample_reports import HOSTILE, error_group, invalid_report, report, small_report
from tests.support.sample_simulated import EVIL, SIMULATED_OUTCOMES

OWN_TAGS = re.compile(r"</?code>")


def rows(text: str) -> list[list[str]]:
    """The cells of every line of a table."""
    return [line[2:-2].split(" | ") for line in text.splitlines() if line.startswith("|")]


def test_it_says_verdict_figures_and_what_is_bad() -> None:
    """What a reader of a CI run needs: no more clicks."""
    text = summary(small_report())
    assert text.startswith("## ❌ 01-latency: Not met\n")
    assert ["95% within 100 ms", "95%", "71.0%", "142 / 200", "not met"] in rows(text)
    assert "**Checks that failed**" in text
    assert "--plan-seed" in text


def test_what_changed_is_listed() -> None:
    """With an attempt before it that ran under the same conditions."""
    before = as_attempt(replace(report(bad_ratio=0.9), number=2))
    text = summary(replace(report(bad_ratio=0.3), previous=before))
    assert "**Since attempt" in text
    assert "→" in text.partition("**Since attempt")[2]


def test_the_largest_groups_come_first() -> None:
    """So many of them; the rest is counted."""
    groups = tuple(error_group(count=count, route=f"GET /{count}") for count in range(1, 9))
    text = summary(small_report(error_groups=groups))
    counts = [int(cells[0]) for cells in rows(text) if cells[0].isdigit()]
    assert counts == [8, 7, 6, 5, 4][:MOST_GROUPS]
    assert "and 6 more, in 3 smaller groups" in text


def test_an_invalid_run_says_why() -> None:
    """And that nothing follows about the app."""
    text = summary(invalid_report())
    assert "says nothing about the app" in text
    assert "the load generator sent 40 of 960 requests" in text
    assert "not judged" in text


@pytest.mark.parametrize("name", SIMULATED_OUTCOMES)
def test_simulated_katas_have_the_same_form(name: str) -> None:
    """Their measures are a table, too; no text of a file is markup."""
    simulated = SIMULATED_OUTCOMES[name]
    text = summary(simulated)
    assert text.startswith("## ")
    assert simulated.kata in text.splitlines()[0]
    measured = [cells for cells in rows(text) if "%" in cells[1]]
    assert len(measured) == len(simulated.measures)
    assert EVIL[:8] not in text


def test_several_katas_begin_with_a_table() -> None:
    """One that was not judged is named in it."""
    text = summaries([("01-latency", small_report()), ("02-login-errors", None)])
    assert ["01-latency", "❌ Not met", "1 of 2"] in rows(text)
    assert ["02-login-errors", "no report", ""] in rows(text)
    assert "## ❔ 02-login-errors: no report" in text


def test_hostile_texts_stay_texts() -> None:
    """What the app says can't leave its cell, and is no markup."""
    text = summary(report(bad_ratio=0.5, text=f"{HOSTILE} | `x` | {HOSTILE}"))
    assert_safe(text)


@given(reports)
def test_any_report_is_shown(any_report: Report) -> None:
    """Every table has as many cells in each line as it has columns."""
    assert_safe(summary(replace(any_report, kata="01-latency")))


def assert_safe(text: str) -> None:
    """No tag but ours, no backtick, and each table is whole."""
    assert not re.search("[<>`]", OWN_TAGS.sub("", text))
    for block in text.split("\n\n"):
        cells = [line.count("|") for line in block.splitlines() if line.startswith("|")]
        assert len(set(cells)) <= 1

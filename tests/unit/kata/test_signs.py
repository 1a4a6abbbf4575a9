"""Figures of a stored report, and rules over them."""

from dataclasses import replace
from typing import Any

import pytest

from dojo.costs import StatementCost, WhereTimeWent
from dojo.errors import BadSetting
from dojo.kata.signs import FIGURES, holds, parse_rule
from dojo.output.store import to_json
from tests.support.sample_reports import error_group, small_report

FACTS: dict[str, Any] = to_json(
    small_report(
        where=WhereTimeWent(
            statements_per_event=5.0,
            statements_alone=2.0,
            statements=(
                StatementCost("SELECT a FROM b", 400, 800.0, 2.0, 400),
                StatementCost("VACUUM", 1, 900.0, 900.0, 0),
            ),
            pool_waits=3,
            waiting_at_end=6,
            loop_blocked_most_s=0.25,
            loop_blocked_share=0.2,
        ),
        error_groups=(
            error_group(count=40),
            error_group(cause="http_5xx", status=500, exception="KeyError: 'x'", count=8),
        ),
    )
)

FACTS["facts"] = {"pages": 9, "wrong_pages": 3}  # of a kata without a burst


@pytest.mark.parametrize(
    "rule",
    [
        "answered_share > 0.94 and answered_share < 0.96",  # 10 of 200 got no answer
        "loop_blocked_most_ms >= 250 and loop_blocked_most_ms <= 250",
        "loop_blocked_share > 0.1",
        "pool_waits > 2",
        "service_time_ms > 14 and service_time_ms < 16",
        "slowest_statement_ms > 1.9 and slowest_statement_ms < 2.1",  # one call is no mean
        "statements_alone < 3",
        "statements_per_event > 4",
        "waiting_at_end >= 6",
        'bad_events("KeyError") >= 8 and bad_events("KeyError") <= 8',
        'bad_events("http_5xx .*500") > 0',
        'calls_per_event("FROM b") > 1.9 and calls_per_event("FROM b") < 2.1',
        'failed_checks("visits") > 0 and failed_checks("pages") < 1',
        'missed("100 ms") > 0 and missed("300 ms") < 1',
        'fact("wrong_pages") >= 3 and fact("wrong_pages") <= 3',
    ],
)
def test_a_figure_is_the_reports(rule: str) -> None:
    """Each figure is taken from its place in latest.json."""
    assert holds(parse_rule(rule), FACTS)


def test_every_figure_is_tested() -> None:
    """A figure without a case above would be one that nobody has seen."""
    (mark,) = test_a_figure_is_the_reports.pytestmark  # type: ignore[attr-defined]
    cases = " ".join(mark.args[1])
    assert [figure for figure in FIGURES if figure not in cases] == []


def test_what_a_report_does_not_have_shows_nothing() -> None:
    """A figure that is missing is neither large nor small."""
    empty = to_json(replace(small_report(), where=WhereTimeWent(), service_time_s=None, points=()))
    for figure in ("loop_blocked_share", "slowest_statement_ms", "service_time_ms"):
        for comparison in ("> 0", "< 1000"):
            assert not holds(parse_rule(f"{figure} {comparison}"), empty)
    assert not holds(parse_rule("answered_share < 2"), {})
    assert not holds(parse_rule('calls_per_event("x") < 2'), {})
    assert not holds(parse_rule('fact("pages") < 2'), {})


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("answered_share", "is no comparison"),
        ("answered_share > much", "is no comparison"),
        ("answer_share > 1", "there is no figure 'answer_share'. There are: answered_share"),
        ("missed > 1", 'missed takes \\("pattern"\\)'),
        ('pool_waits("x") > 1', 'pool_waits takes no \\("pattern"\\)'),
        ('missed("(") > 1', "is no regular expression"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(rule: str, words: str) -> None:
    """The message names the part and what there is."""
    with pytest.raises(BadSetting, match=words):
        parse_rule(rule)

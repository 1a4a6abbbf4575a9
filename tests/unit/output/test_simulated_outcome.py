"""dojo.output.simulated_outcome: the words for each way in which an attempt can end."""

import json
from dataclasses import replace

import pytest

from dojo.earlier_attempt import EarlierAttempt
from dojo.output.simulated_json import to_json
from dojo.output.simulated_outcome import (
    changes,
    conclusion,
    excerpt,
    headline,
    next_steps,
    outcome_line,
    properties,
    title,
    verdict,
    would_decide,
)
from dojo.simulated_report import Refusal
from dojo.slo.measures import Measure, judge_measure
from tests.support.sample_simulated import MET, NOT_MET, REFUSED, SIMULATED_OUTCOMES, UNDECIDED


@pytest.mark.parametrize(
    ("outcome", "head", "line"),
    [
        ("met", "Met", "Met: "),
        ("not met", "Not met", "NOT MET: precision 38.3%, target 90%."),
        (
            "undecided",
            "Undecided",
            "UNDECIDED. Too close to call. precision: 19 of 209 bad; green allows 8;",
        ),
        ("check failed", "SLO met, but a check failed", "but a check failed: checks: dates_unk"),
        ("not checked", "SLO met, but not checked", "but not checked: dates_unknown not checked."),
        ("refused", "Broken: file refused", "BROKEN: FILE REFUSED. app/ops/alerts.yaml:12:9: val"),
    ],
)
def test_each_outcome_has_its_words(outcome: str, head: str, line: str) -> None:
    """The headline, and pytest's message with what it follows from."""
    report = SIMULATED_OUTCOMES[outcome]
    assert headline(report) == head
    if outcome != "met":
        assert line in outcome_line(report)


def test_the_conclusion_says_what_came_of_it() -> None:
    """How many measures miss, what would decide, where the file is refused."""
    assert conclusion(MET) == "Every measure meets its target, and every check holds."
    assert conclusion(NOT_MET) == "1 of 2 measures misses its target."
    assert "19 of 209 bad; green allows 8; red begins at 3" in conclusion(UNDECIDED)
    assert conclusion(SIMULATED_OUTCOMES["check failed"]) == (
        "Every measure meets its target. A check failed: dates_unknown."
    )
    assert conclusion(REFUSED).startswith("app/ops/alerts.yaml:12:9: value must be")
    assert conclusion(REFUSED).endswith("Nothing was judged.")


def test_what_was_never_counted_has_no_ratio() -> None:
    """It is neither close to call nor 0%, in the verdict and beside an earlier attempt."""
    none = judge_measure("tickets", 0.5, Measure(0, 0), 2)
    assert verdict(none) == "nothing counted"
    measures = (MET.measures[0], replace(MET.measures[1], objective=none))
    assert would_decide(measures[1]).startswith("tickets: nothing was counted")
    report = replace(MET, measures=measures)
    before = EarlierAttempt(1, "not_met", {"tickets": 0.5}, None, None)
    assert changes(report, before) == [
        "precision: nothing counted → 100.0%",
        "tickets: 50.0% → nothing counted",
    ]
    assert changes(report, replace(before, slis={"precision": 1.0})) == [
        "as before: precision 100.0%, tickets nothing counted"
    ]


def test_a_solved_kata_is_a_complaint_that_is_over() -> None:
    """As under a load."""
    assert title(MET) == "Solved: “The pager rang 130 times”"
    assert title(NOT_MET) == "“The pager rang 130 times”"


def test_the_line_that_is_refused_is_shown() -> None:
    """With its number, and with a mark below the column if that is known."""
    assert excerpt(Refusal("f", "r", 3, 5, "a: [1")) == ("3 | a: [1", "  |     ^")
    assert excerpt(Refusal("f", "r", 3, None, "a: 1")) == ("3 | a: 1",)
    assert excerpt(Refusal("f", "r")) == ()


def test_undecided_measures_are_counted_beside_those_that_miss() -> None:
    """Those of which nothing was counted apart."""
    nothing = replace(UNDECIDED.measures[0].objective, good=0, total=0)
    measures = (NOT_MET.measures[0], UNDECIDED.measures[0])
    assert conclusion(replace(NOT_MET, measures=measures)) == (
        "1 of 2 measures misses its target; 1 is too close to call."
    )
    uncounted = replace(UNDECIDED.measures[0], objective=nothing)
    assert conclusion(replace(NOT_MET, measures=(*measures, uncounted, uncounted))) == (
        "1 of 4 measures misses its target; 1 is too close to call and 2 could not be judged,"
        " since nothing was counted."
    )


def test_junit_gets_each_measure_by_name() -> None:
    """Ratio and counts, the seed, and a refusal if there is one."""
    pairs = dict(properties(NOT_MET))
    assert pairs["sli: precision"] == round(80 / 209, 6)
    assert pairs["events: precision"] == "80 / 209"
    assert (pairs["verdict"], pairs["seed"]) == ("not_met", 4711)
    assert str(dict(properties(REFUSED))["refused"]).startswith("app/ops/alerts.yaml:12:9: value")


def test_the_next_steps_fit_the_outcome() -> None:
    """What to edit, how to look at the data, where the solution is."""
    edited = replace(NOT_MET, files=("app/ops/a.yaml", "app/ops/b.sql"))
    steps = "\n".join(next_steps(edited, "latest.json", "latest.html"))
    assert './run dojo sql --kata 04 "SELECT …"' in steps
    assert steps.startswith("Edit app/ops/a.yaml and app/ops/b.sql, then: ./run pytest")
    assert "The report as a page: latest.html" in steps
    assert ".meta/solution.md" in "\n".join(next_steps(MET, "latest.json", None))
    assert "Mend app/ops/alerts.yaml:12:9, then:" in next_steps(REFUSED, "latest.json", None)[0]


@pytest.mark.parametrize("outcome", SIMULATED_OUTCOMES)
def test_the_json_has_the_names_of_every_report(outcome: str) -> None:
    """Verdict, objectives with counts, checks, timings; and its own facts, with a version."""
    facts = json.loads(json.dumps(to_json(SIMULATED_OUTCOMES[outcome])))
    assert (facts["format"], facts["data"], facts["seed"]) == (1, "simulated", 4711)
    assert facts["verdict"] in ("met", "not_met", "undecided")
    assert (facts["refused"] is None) == (outcome != "refused")
    for objective in facts["objectives"]:
        assert objective["sli"] == objective["good"] / objective["total"]
        assert {"name", "target", "verdict", "interval", "green_at_most"} <= set(objective)
    assert facts["facts"] == {"incidents": [{"name": "outage"}]}


def test_a_refused_file_needs_no_hint() -> None:
    """The message says what is wrong; hints are about what a report shows."""
    assert "--hint" not in "\n".join(next_steps(REFUSED, "latest.json", None))
    assert "--hint" in "\n".join(next_steps(NOT_MET, "latest.json", None))

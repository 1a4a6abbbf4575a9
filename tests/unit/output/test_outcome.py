"""How an attempt ended, in words and in numbers."""

from dataclasses import replace

import pytest

from dojo.costs import WhereTimeWent
from dojo.earlier_attempt import EarlierAttempt
from dojo.output import outcome
from dojo.output.headline_lines import headline_lines
from dojo.report import CheckResult, Culprit, ObjectiveResult, Report
from tests.support.outcomes import OUTCOMES
from tests.support.sample_reports import report, small_report

CLOSE = ObjectiveResult(
    "99% within 300 ms", 0.99, 0.3, 2866, 2880, "undecided", (0.99, 0.998), 14, green_at_most=11
)
MISSED, MET = small_report().objectives
LOOP_BLOCKED = WhereTimeWent(loop_blocked_share=0.4, loop_blocked_most_s=0.3)
STRESS = Culprit(4711, "stress", 0.96)


def undecided(**changes: object) -> Report:
    return small_report(verdict="undecided", looks=3, objectives=(MET, CLOSE), checks=(), **changes)


@pytest.mark.parametrize(
    ("name", "headline", "status"),
    [
        ("met", "Met", 0),
        ("not met", "Not met", 1),
        ("undecided", "Undecided", 10),
        ("invalid", "Invalid run", 11),
        ("broken", "SLO met, but the site is broken", 1),
    ],
)
def test_each_outcome_has_its_own_words_and_its_own_exit_status(
    name: str, headline: str, status: int
) -> None:
    """Four outcomes, and an SLO that is met by a site that is broken."""
    assert outcome.headline(OUTCOMES[name]) == headline
    assert outcome.exit_status([OUTCOMES[name].verdict]) == status


@pytest.mark.parametrize(
    ("names", "status"),
    [
        ((), 0),
        (("met", "met"), 0),
        (("met", "undecided"), 10),
        (("invalid", "undecided", "met"), 11),
        (("invalid", "broken", "undecided"), 1),
    ],
)
def test_of_several_katas_the_worst_counts(names: tuple[str, ...], status: int) -> None:
    """Not met is worst, since it is certain; then a run that says nothing."""
    assert outcome.exit_status([OUTCOMES[name].verdict for name in names]) == status


def test_a_restart_that_failed_is_the_headline() -> None:
    """It says more than that the site is broken, and the burst's figures stand beside it."""
    checks = (CheckResult("restarts", False, "Restart failed."),)
    broken = replace(OUTCOMES["broken"], checks=checks)
    assert outcome.headline(broken) == "SLO met, but the restart failed"


def test_an_earlier_attempt_has_the_same_headline() -> None:
    """It remembers what its report said."""
    before = EarlierAttempt(1, "not_met", {}, None, None, slo="met", site_works=False)
    assert outcome.headline(before) == "SLO met, but the site is broken"


def test_a_red_run_says_how_many_objectives_and_which_checks() -> None:
    """Each in its number."""
    assert outcome.conclusion(report(bad_ratio=0.3)) == (
        "2 of 2 objectives are not met. The site no longer does its job: pages_fresh."
    )
    assert outcome.conclusion(small_report(checks=())) == "1 of 2 objectives is not met."
    assert outcome.conclusion(small_report(checks=(), objectives=(MISSED,))) == (
        "The objective is not met."
    )


def test_a_green_run_is_concluded_in_one_sentence() -> None:
    """Objectives and checks are both said to be fine."""
    sentence = "Every objective is met, and the site still does its job."
    assert outcome.conclusion(report()) == sentence


def test_a_broken_site_within_its_objectives_is_named_as_such() -> None:
    """The objectives are met, and the failed check stands in the conclusion and in the message."""
    broken = OUTCOMES["broken"]
    assert outcome.conclusion(broken) == (
        "Every objective is met. The site no longer does its job: pages_fresh."
    )
    assert outcome.outcome_line(broken) == "SLO met, but the site is broken: pages_fresh."


def test_a_broken_site_too_close_to_call_is_both() -> None:
    """It is not met, for the check's sake, and what the SLO is stands beside it."""
    both = replace(undecided(), verdict="not_met", site_works=False, checks=small_report().checks)
    assert outcome.headline(both) == "SLO undecided, and the site is broken"
    assert "you had 14. The site no longer does its job" in outcome.conclusion(both)
    assert outcome.outcome_line(both) == "SLO UNDECIDED, AND THE SITE IS BROKEN: visits_counted."


def test_undecided_says_how_many_bad_events_green_would_have_allowed() -> None:
    """And how many there were, of how many, in how many bursts; the met objective is left out."""
    sentence = (
        "Too close to call after 3 bursts. 99% within 300 ms: green needs at most 11 bad events of"
        " 2,880; you had 14."
    )
    assert outcome.conclusion(undecided()) == sentence
    assert outcome.outcome_line(undecided()) == f"UNDECIDED. {sentence}"


def test_too_few_events_are_said_where_no_count_was_green() -> None:
    """Then there is no number to aim for."""
    assert outcome.would_decide(replace(CLOSE, total=30, good=30, green_at_most=-1)) == (
        "99% within 300 ms: 30 events are too few to show that it is met."
    )
    assert "at most 1 bad event of" in outcome.would_decide(replace(CLOSE, green_at_most=1))


def test_an_invalid_run_gives_its_reasons_and_judges_no_objective() -> None:
    """In pytest's message, and where an objective's verdict stands."""
    invalid = OUTCOMES["invalid"]
    assert outcome.outcome_line(invalid) == f"INVALID RUN: {invalid.invalid_because[0]}."
    assert {outcome.objective_verdict(invalid, each) for each in invalid.objectives} == {
        "not judged"
    }
    assert outcome.objective_verdict(small_report(), MISSED) == "not met"
    assert outcome.objective_verdict(undecided(), CLOSE) == "too close to call"


def test_without_a_check_it_is_said() -> None:
    """The objectives alone are not the whole."""
    unchecked = replace(report(), verdict="not_met", site_works=None, checks=())
    assert outcome.conclusion(unchecked) == (
        "Every objective is met. Nobody knows whether the site still does its job: no check was"
        " made."
    )
    left_out = (CheckResult("pages_right", None, "The burst was stopped early."),)
    assert outcome.conclusion(replace(unchecked, checks=left_out)) == (
        "Every objective is met. Nobody knows whether the site still does its job: pages_right not"
        " checked."
    )
    assert outcome.outcome_line(unchecked) == "Not met: no check was made."


def test_who_held_the_cpu_is_named_with_the_bad_events_that_came_meanwhile() -> None:
    """Of the objective with most of them."""
    robbed = replace(CLOSE, good=2849, bad_after_excuses=2, excused=29)
    found = small_report(objectives=(MISSED, robbed), culprits=(STRESS,))
    assert outcome.excused(found) == (
        f"Of 31 bad events of “{CLOSE.name}” 29 came while another program held the CPU: process"
        " 'stress' (4711) used 96% of a core."
    )
    by_host = replace(found, culprits=())
    assert outcome.excused(by_host) == (
        f"Of 31 bad events of “{CLOSE.name}” 29 came while the host of this virtual machine held"
        " the CPU."
    )
    assert outcome.excused(small_report(culprits=(STRESS,))) == ""


def test_a_single_excused_event_is_said_in_the_singular() -> None:
    """And that green counts it."""
    robbed = replace(MET, good=199, excused=1)
    found = small_report(verdict="met", objectives=(robbed,), culprits=(STRESS,))
    sentence = outcome.excused(found)
    assert sentence.startswith("The one bad event came while another program held the CPU: ")
    assert sentence.endswith("Green counts every event.")


def test_junit_has_the_outcome_and_each_sli() -> None:
    """By name, and the words of the headline with them."""
    facts = dict(outcome.properties(undecided()))
    assert facts["outcome"] == "Undecided"
    assert (facts["verdict"], facts["slo"], facts["looks"]) == ("undecided", "undecided", 3)
    assert facts["site_works"] is True
    assert facts["events: 99% within 300 ms"] == "2866 / 2880"
    assert facts["sli: 99% within 300 ms"] == pytest.approx(0.995139)


def test_why_a_run_is_repeated() -> None:
    """In a sentence, and that it is done once."""
    assert outcome.repeated_run(small_report(invalid_because=("a", "b"))) == (
        "This run says nothing: a; b. It is repeated once."
    )


def test_more_than_the_katas_load_is_no_red() -> None:
    """What was not met there says what gives out; what was disturbed says nothing."""
    too_much = small_report(
        verdict="invalid",
        slo="invalid",
        environment={"load_factor": 4.0},
        invalid_because=("4 times the kata's load was sent",),
    )
    assert outcome.conclusion(too_much).startswith("At 4 times the kata's load it is not met.")
    disturbed = replace(too_much, disturbed=True)
    assert outcome.conclusion(disturbed) == "This run says nothing about the app."
    assert headline_lines(disturbed) == []
    assert headline_lines(replace(too_much, where=LOOP_BLOCKED))[0].startswith(
        "The app's event loop stood still"
    )

"""Each outcome has the same words in the terminal, on the page, in pytest's message, in JUnit."""

import html
import re

import pytest

from dojo.output import outcome, run_wording, store, wording
from dojo.output.html.page import render as page
from dojo.output.terminal.report import render as terminal
from dojo.report import Report
from tests.support.outcomes import OUTCOMES

each_outcome = pytest.mark.parametrize("sample", OUTCOMES.values(), ids=OUTCOMES)


def flat(text: str) -> str:
    """The text as if nothing had been wrapped, whatever the case."""
    return " ".join(text.split()).lower()


def sentences(sample: Report) -> list[str]:
    """What every reader must be told."""
    close = [each for each in sample.objectives if each.verdict == "undecided"]
    return [
        outcome.headline(sample),
        outcome.conclusion(sample),
        outcome.excused(sample),
        wording.load(sample),
        run_wording.others(sample.environment),
        run_wording.not_seen(sample.environment),
        run_wording.sent_again(sample),
        wording.hints(sample),
        *sample.invalid_because,
        *sample.next_steps,
        *(outcome.objective_verdict(sample, each) for each in sample.objectives),
        *(wording.interval(each) for each in close),
        *(wording.STRICTER for _ in close),
        wording.ONE_AFTER_ANOTHER if sample.looks > 1 else "",
    ]


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@each_outcome
def test_the_terminal_has_every_sentence(sample: Report, width: int) -> None:
    """At every width, wrapped and never cut."""
    text = terminal(sample, width, color=False)
    assert max(map(len, text.splitlines())) <= width
    shown = flat(text)
    for sentence in sentences(sample):
        assert flat(sentence) in shown, sentence


@each_outcome
def test_the_page_has_every_sentence(sample: Report) -> None:
    """In its title, too, which names the outcome."""
    text = page(sample)
    shown = flat(html.unescape(re.sub(r"<[^>]*>", " ", text)))
    for sentence in sentences(sample):
        if "The report as a page" not in sentence:  # it is open already
            assert flat(sentence) in shown, sentence
    assert f"<title>{outcome.headline(sample)}: " in text


@each_outcome
def test_pytest_and_junit_have_the_headline(sample: Report) -> None:
    """The message begins with it; undecided says what would have been green."""
    message = outcome.outcome_line(sample)
    assert message.lower().startswith(outcome.headline(sample).lower())
    assert dict(outcome.properties(sample))["outcome"] == outcome.headline(sample)
    if sample.slo == "undecided":
        assert "green needs at most 11 bad events of 2,880; you had 14." in message


@each_outcome
def test_the_facts_say_it_for_machines(sample: Report) -> None:
    """Verdict, SLO and whether the site works, apart from one another."""
    facts = store.to_json(sample)
    assert facts["verdict"] == sample.verdict
    assert facts["slo"] == sample.slo
    assert facts["site_works"] is sample.site_works
    assert facts["looks"] == sample.looks
    assert [each["green_at_most"] for each in facts["objectives"]] == [
        each.green_at_most for each in sample.objectives
    ]

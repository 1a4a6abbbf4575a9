"""dojo.slo.measures: the slo.yaml of a simulated kata, and the exact decision on counts."""

import pytest

from dojo.errors import BadSetting
from dojo.report import CheckResult, ObjectiveResult
from dojo.slo.binomial import at_least, at_most
from dojo.slo.measures import (
    Measure,
    green_beside,
    judge_measure,
    overall,
    parse_measures,
    red_from,
    says_simulated,
    slo_verdict,
)
from dojo.slo.openslo import parse
from tests.support.made_up_simulated_kata import SIMULATED_SLO, measure_slo
from tests.support.project import ROOT

UNDER_LOAD = (ROOT / "katas" / "01-latency" / "slo.yaml").read_text()


def test_measures_are_read_in_their_order() -> None:
    """Name, words and target of each, and what the whole is about."""
    level = parse_measures(SIMULATED_SLO)
    assert (level.title, level.event) == ("The dice are loaded", "throws")
    assert level.description == "A thousand throws."
    assert level.names == ("fair-throws", "quiet-nights")
    first = level.objectives[0]
    assert (first.display_name, first.target) == ("fair-throws in 95%", 0.95)
    assert (first.good_events, first.total_events) == ("fair throws", "all throws")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("data: simulated", "data: drawn", "slo-dojo/data must be simulated, not 'drawn'"),
        ("slo-dojo/event: throws", "slo-dojo/burst-seconds: '3'", "burst-seconds must be one of"),
        ("    slo-dojo/event: throws\n", "", "slo-dojo/event is missing"),
        ("type: SLO-Dojo", "type: Prometheus", "sources like Prometheus"),
        ("            type: SLO-Dojo\n", "", "type is missing"),
        ("events: fair throws", "events: fair throws\n              query: x", "not 'query'"),
        ("events: all throws", "events: ''", "events must be a text"),
        ("target: 0.95", "target: 1", "above 0 and below 1"),
        ("target: 0.95", "goal: 0.95", "not 'goal'"),
        ("service: dice", "service: cards", "dice, the name of the Service, not 'cards'"),
        ("name: quiet-nights\nspec", "name: fair-throws\nspec", "another name for each SLO"),
        ("counter: true", "counter: true\n        bad: {}", "SLO Dojo does not"),
    ],
)
def test_what_is_not_as_it_must_be_is_named(before: str, after: str, words: str) -> None:
    """With the document and the field, and with what must stand there."""
    assert before in SIMULATED_SLO
    with pytest.raises(BadSetting, match=r"slo\.yaml: ") as error:
        parse_measures(SIMULATED_SLO.replace(before, after, 1))
    assert words in str(error.value)


def test_the_kind_of_a_kata_stands_in_its_slo_yaml() -> None:
    """A kata under a load says nothing of data, and neither reader takes the other's file."""
    assert says_simulated(SIMULATED_SLO)
    assert not says_simulated(UNDER_LOAD)
    assert not says_simulated("kind: [")
    with pytest.raises(BadSetting, match="slo-dojo/data must be one of ours"):
        parse(SIMULATED_SLO)
    with pytest.raises(BadSetting):
        parse_measures(UNDER_LOAD)


def test_a_measure_is_as_the_file_says() -> None:
    """One document more is one measure more."""
    level = parse_measures(f"{SIMULATED_SLO}---{measure_slo('a-third', 0.5)}")
    assert level.names[2] == "a-third"


@pytest.mark.parametrize("total", [0, 1, 5, 88, 100, 208, 380, 7300])
@pytest.mark.parametrize("target", [0.5, 0.6, 0.9, 0.95, 0.9934])
def test_the_decision_is_exact(total: int, target: float) -> None:
    """Every count is called as the binomial tails say, and `green_at_most` is where green ends."""
    for good in {0, total // 2, *range(max(0, total - 60), total + 1)}:
        result = judge_measure("m", target, Measure(good, total), 6)
        green = total > 0 and at_least(good, total, target) <= 0.001
        red = total > 0 and at_most(good, total, target) <= 0.001 / 6
        assert result.verdict == ("met" if green else "not_met" if red else "undecided")
        assert (result.bad <= result.green_at_most) == green
        low, high = result.interval
        assert low <= result.sli <= high or total == 0


@pytest.mark.parametrize("good", [0, 1, 40, 280, 400])
@pytest.mark.parametrize("target", [0.5, 0.55, 0.9, 0.95])
def test_bad_ones_that_add_to_the_total(good: int, target: float) -> None:
    """Beside so many good ones `green_at_most` is where green ends, whatever the total is now."""
    allowed = set()
    for bad in {*range(60), 150, 300, 30_000}:
        result = judge_measure("m", target, Measure(good, good + bad, bad_adds_to_total=True), 6)
        assert (result.verdict == "met") == (bad <= result.green_at_most)
        assert result.verdict == judge_measure("m", target, Measure(good, good + bad), 6).verdict
        allowed.add(result.green_at_most)
    assert len(allowed) == 1


def test_what_green_allows_beside_the_good_ones_is_said() -> None:
    """Only where bad ones add to the total, where there are some, and where green allows any."""
    texts = []
    for good, total, adds in ((280, 900, True), (280, 900, False), (280, 280, True), (1, 9, True)):
        measure = Measure(good, total, bad_adds_to_total=adds)
        texts.append(green_beside(measure, judge_measure("m", 0.9, measure, 6)))
    assert texts == ["With these 280 good ones green allows 14 bad ones.", "", "", ""]


def test_nothing_counted_is_never_green() -> None:
    """Zero of zero is too few, and so is one of one against a target of a half."""
    for measure in (Measure(0, 0), Measure(1, 1)):
        result = judge_measure("m", 0.5, measure, 1)
        assert (result.verdict, result.green_at_most) == ("undecided", -1)


@pytest.mark.parametrize(("good", "total"), [(-1, 5), (6, 5)])
def test_counts_that_cannot_be_are_an_error(good: int, total: int) -> None:
    """More good ones than there are in all is a bug of the kata's."""
    with pytest.raises(ValueError, match="good must be 0 to total"):
        Measure(good, total)


def results(*verdicts: str) -> list[ObjectiveResult]:
    good = {"met": 1000, "undecided": 950, "not_met": 0}
    return [judge_measure("m", 0.95, Measure(good[each], 1000), 1) for each in verdicts]


def checked(*passed: bool | None) -> list[CheckResult]:
    return [CheckResult("check", each, "") for each in passed]


def test_all_measures_together() -> None:
    """One that misses decides; one that is close keeps the others from being enough."""
    assert slo_verdict(results("met", "met")) == "met"
    assert slo_verdict(results("met", "undecided")) == "undecided"
    assert slo_verdict(results("met", "undecided", "not_met")) == "not_met"
    assert slo_verdict([]) == "undecided"


def test_a_check_that_failed_or_was_not_made_is_never_green() -> None:
    """Whatever the measures say; without checks they alone decide."""
    assert overall("met", checked(True, True)) == "met"
    assert overall("met", checked()) == "met"
    assert overall("met", checked(True, False)) == "not_met"
    assert overall("met", checked(True, None)) == "not_met"
    assert overall("undecided", checked(None)) == "undecided"
    assert overall("undecided", checked(False)) == "not_met"


@pytest.mark.parametrize("adds", [False, True])
def test_red_begins_with_the_first_number_of_bad_ones_that_is_not_met(adds: bool) -> None:
    """One fewer is undecided or met; a measure of too few events has no red."""
    good, bad = 150, 110
    red = red_from(Measure(good, good + bad, bad_adds_to_total=adds), 0.5, 11)

    def verdict(bad: int) -> str:
        total = good + bad if adds else 260
        return judge_measure("m", 0.5, Measure(total - bad, total), 11).verdict

    assert (verdict(red), verdict(red - 1)) == ("not_met", "undecided")
    assert red_from(Measure(1, 2), 0.5, 11) == -1
    assert red_from(Measure(0, 0), 0.5, 11) == -1
